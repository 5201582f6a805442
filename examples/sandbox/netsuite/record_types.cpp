// SPDX-License-Identifier: Apache-2.0
// The record types' fields, as the REST API Browser names them, with the lengths that over-long
// values are refused at. Only what an order integration meets; the rest is an unknown property.
#include "examples/sandbox/netsuite/record_types.hpp"

namespace carrick::sandbox::netsuite {

const std::string_view kAddressFields =
    "addr1:t/150 addr2:t/150 addr3:t/150 addrPhone:t/22 addrText:t! addressee:t/83 attention:t/83 "
    "city:t/50 country:t override:b state:t/30 zip:t/36";

namespace {

// What every item has; goods and services share more.
constexpr std::string_view kItemFields =
    "itemId:t/250 displayName:t/250 upcCode:t/60 isInactive:b includeChildren:b "
    "subsidiary:m=subsidiary incomeAccount:r=account parent:r=item createdDate:dt! "
    "class:r=classification department:r=department location:r=location taxSchedule:r=taxSchedule "
    "itemType:t!";

constexpr SublistSpec kPrice{
    "price", "currencyPage:r=currency priceLevel:r=priceLevel priceLevelName:t! quantity:n price:n",
    "currencyPage priceLevel quantity", "", false};

constexpr std::string_view kSalesOrderFields =
    "tranId:t/45 tranDate:d entity:r=customer subsidiary:r=subsidiary currency:r=currency "
    "exchangeRate:n orderStatus:e=A-Pending_Approval|B-Pending_Fulfillment "
    "status:e=A-Pending_Approval|B-Pending_Fulfillment|C-Cancelled|D-Partially_Fulfilled|"
    "E-Pending_Billing/Partially_Fulfilled|F-Pending_Billing|G-Billed|H-Closed! "
    "otherRefNum:t/45 memo:t/999 message:t/4000 location:r=location department:r=department "
    "class:r=classification terms:r=term email:t/254 toBeEmailed:b toBePrinted:b toBeFaxed:b "
    "shipDate:d shipComplete:b startDate:d endDate:d salesEffectiveDate:d shipMethod:r=shipItem "
    "shippingCost:n handlingCost:n shippingTaxCode:r=salesTaxItem overrideShippingCost:n "
    "shippingCostOverridden:b shippingAddress:a billingAddress:a shippingAddress_text:t! "
    "billingAddress_text:t! shipAddress:t! billAddress:t! shipIsResidential:b "
    "discountItem:r=discountItem discountRate:p discountTotal:n! taxItem:r=salesTaxItem taxRate:n "
    "isTaxable:b taxDetailsOverride:b taxRegOverride:b taxPointDate:d subtotal:n! taxTotal:n! "
    "total:n! createdDate:dt! source:e=restWebServices-REST_Web_Services! transactionNumber:t! "
    "createdFrom:r=transaction! "
    "vatRegNum:t/40 entityTaxRegNum:t/40 refName:t! "
    "item:s taxDetails:s";

constexpr std::string_view kOrderLineFields =
    "line:i orderLine:i item:r=item itemType:t! itemSubtype:t! quantity:n rate:n amount:n "
    "price:r=priceLevel description:t/4000 location:r=location department:r=department "
    "class:r=classification units:t/30 isClosed:b isOpen:b! isTaxable:b taxCode:r=salesTaxItem "
    "taxRate1:n tax1Amt:n taxAmount:n! grossAmt:n commitInventory:e=1-Available_Qty|"
    "2-Complete_Qty|3-Do_Not_Commit expectedShipDate:d lineUniqueKey:t! options:t/4000 "
    "quantityFulfilled:n! quantityBilled:n! quantityCommitted:n! quantityBackOrdered:n! "
    "taxDetailsReference:t/100 refName:t!";

// Invoices and cash sales: what a sale has once it posts.
constexpr std::string_view kBillingFields =
    "tranId:t/45 tranDate:d entity:r=customer subsidiary:r=subsidiary currency:r=currency "
    "exchangeRate:n otherRefNum:t/45 memo:t/999 location:r=location department:r=department "
    "class:r=classification email:t/254 toBeEmailed:b shipDate:d shipMethod:r=shipItem "
    "shippingCost:n handlingCost:n shippingAddress:a billingAddress:a discountItem:r=discountItem "
    "discountRate:p discountTotal:n! taxDetailsOverride:b subtotal:n! taxTotal:n! total:n! "
    "createdDate:dt! source:e=restWebServices-REST_Web_Services! createdFrom:r=transaction! "
    "postingPeriod:r=accountingPeriod account:r=account item:s taxDetails:s ";

constexpr std::string_view kBillingLineFields =
    "line:i orderLine:i item:r=item quantity:n rate:n amount:n price:r=priceLevel "
    "description:t/4000 location:r=location department:r=department class:r=classification "
    "isTaxable:b taxCode:r=salesTaxItem taxRate1:n tax1Amt:n taxAmount:n! grossAmt:n "
    "options:t/4000 taxDetailsReference:t/100";

constexpr std::string_view kTaxDetailFields =
    "taxDetailsReference:e taxType:r=taxType taxCode:r=salesTaxItem taxBasis:n taxRate:n "
    "taxAmount:n netAmount:n lineName:t/250 lineType:t/60 calcDetail:t/4000";

constexpr std::string_view kCustomerFields =
    "entityId:t/83 altName:t! isPerson:b companyName:t/83 firstName:t/32 middleName:t/32 "
    "lastName:t/32 salutation:t/30 title:t/99 email:t/254 altEmail:t/254 phone:t/22 altPhone:t/22 "
    "mobilePhone:t/22 homePhone:t/22 fax:t/22 comments:t/4000 url:t/100 accountNumber:t/99 "
    "subsidiary:r=subsidiary currency:r=currency terms:r=term priceLevel:r=priceLevel "
    "entityStatus:r=customerStatus receivablesAccount:r=account taxable:b taxExempt:b "
    "taxItem:r=salesTaxItem vatRegNumber:t/40 resaleNumber:t/40 creditLimit:n isInactive:b "
    "shipComplete:b emailTransactions:b printTransactions:b faxTransactions:b dateCreated:dt! "
    "balance:n! defaultAddress:t! printOnCheckAs:t/83 parent:r=customer autoName:b "
    "addressBook:s currencyList:s";

constexpr std::string_view kListFields = "name:t/60 isInactive:b";

}  // namespace

const std::vector<TypeSpec>& record_type_table() {
    static const std::vector<TypeSpec> kTable{
        {"customer",
         "Customer",
         "entity",
         "CustJob",
         "entityId",
         true,
         "",
         kCustomerFields,
         {{"addressBook",
           "id:i internalId:i label:t/50 defaultBilling:b defaultShipping:b isResidential:b "
           "addressBookAddress:a addressBookAddress_text:t!",
           "internalId", "", false},
          {"currencyList", "currency:r=currency balance:n!", "currency", "", false}}},
        {"salesOrder",
         "Sales Order",
         "transaction",
         "SalesOrd",
         "tranId",
         true,
         "",
         kSalesOrderFields,
         {{"item", kOrderLineFields, "line", "orderLine", true},
          {"taxDetails", kTaxDetailFields, "", "", false}}},
        {"invoice",
         "Invoice",
         "transaction",
         "CustInvc",
         "tranId",
         true,
         kBillingFields,
         "terms:r=term dueDate:d approvalStatus:e=1-Pending_Approval|2-Approved amountRemaining:n! "
         "amountPaid:n! status:e=A-Open|B-Paid_In_Full!",
         {{"item", kBillingLineFields, "line", "orderLine", true},
          {"taxDetails", kTaxDetailFields, "", "", false}}},
        {"cashSale",
         "Cash Sale",
         "transaction",
         "CashSale",
         "tranId",
         true,
         kBillingFields,
         "undepFunds:e=F-Account|T-Undeposited_Funds checkNumber:t/45 "
         "status:e=A-Unapproved_Payment|B-Not_Deposited|C-Deposited!",
         {{"item", kBillingLineFields, "line", "orderLine", true},
          {"taxDetails", kTaxDetailFields, "", "", false}}},
        {"itemFulfillment",
         "Item Fulfillment",
         "transaction",
         "ItemShip",
         "tranId",
         true,
         "",
         "tranId:t/45 tranDate:d entity:r=customer! createdFrom:r=transaction! memo:t/999 "
         "shipStatus:e=A-Picked|B-Packed|C-Shipped shippedDate:d shipMethod:r=shipItem "
         "shippingAddress:a postingPeriod:r=accountingPeriod createdDate:dt! item:s package:s",
         {{"item",
           "line:i orderLine:i item:r=item! itemName:t! itemType:t! itemReceive:b quantity:n "
           "location:r=location description:t/4000",
           "line", "orderLine", true},
          {"package",
           "packageCartonNumber:i packageDescr:t/100 packageTrackingNumber:t/100 packageWeight:n",
           "", "", false}}},
        {"inventoryItem",
         "Inventory Item",
         "item",
         "InvtPart",
         "itemId",
         true,
         kItemFields,
         "mpn:t/60 manufacturer:t/83 weight:n isTaxable:b price:s "
         "assetAccount:r=account cogsAccount:r=account cost:n averageCost:n! vendorName:t/83 "
         "salesDescription:t/4000 quantityOnHand:n! quantityAvailable:n!",
         {kPrice}},
        {"nonInventorySaleItem",
         "Non-Inventory Item for Sale",
         "item",
         "NonInvtPart",
         "itemId",
         true,
         kItemFields,
         "mpn:t/60 manufacturer:t/83 weight:n isTaxable:b price:s "
         "isFulfillable:b salesDescription:t/4000",
         {kPrice}},
        {"serviceSaleItem",
         "Service for Sale",
         "item",
         "Service",
         "itemId",
         true,
         kItemFields,
         "mpn:t/60 manufacturer:t/83 weight:n isTaxable:b price:s "
         "isFulfillable:b salesDescription:t/4000",
         {kPrice}},
        {"otherChargeSaleItem",
         "Other Charge for Sale",
         "item",
         "OthCharge",
         "itemId",
         true,
         kItemFields,
         "mpn:t/60 manufacturer:t/83 weight:n isTaxable:b price:s "
         "salesDescription:t/4000",
         {kPrice}},
        {"kitItem",
         "Kit/Package",
         "item",
         "Kit",
         "itemId",
         true,
         kItemFields,
         "mpn:t/60 manufacturer:t/83 weight:n isTaxable:b price:s "
         "description:t/4000 member:s",
         {kPrice,
          {"member", "item:r=item quantity:n lineNumber:i memberDescr:t/999", "", "", true}}},
        {"discountItem",
         "Discount",
         "item",
         "Discount",
         "itemId",
         true,
         kItemFields,
         "rate:p account:r=account isPreTax:b nonPosting:b description:t/999",
         {}},
        {"shipItem",
         "Shipping Item",
         "shipItem",
         "",
         "itemId",
         true,
         "",
         "itemId:t/60 displayName:t/60 isInactive:b account:r=account subsidiary:m=subsidiary",
         {}},
        {"location",
         "Location",
         "location",
         "",
         "name",
         true,
         kListFields,
         "fullName:t! subsidiary:m=subsidiary mainAddress:a makeInventoryAvailable:b "
         "timeZone:t/60 parent:r=location",
         {}},
        {"subsidiary",
         "Subsidiary",
         "subsidiary",
         "",
         "name",
         false,
         kListFields,
         "legalName:t/83 country:t/2 currency:r=currency email:t/254 "
         "parent:r=subsidiary isElimination:b",
         {}},
        {"currency",
         "Currency",
         "currency",
         "",
         "name",
         false,
         kListFields,
         "symbol:t/3 displaySymbol:t/4 exchangeRate:n currencyPrecision:i isBaseCurrency:b",
         {}},
        {"account",
         "Account",
         "account",
         "",
         "acctName",
         false,
         "isInactive:b",
         "acctName:t/60 acctNumber:t/60 fullName:t! acctType:e=Bank-Bank|AcctRec-Accounts_"
         "Receivable|OthCurrAsset-Other_Current_Asset|OthAsset-Other_Asset|AcctPay-Accounts_"
         "Payable|OthCurrLiab-Other_Current_Liability|Income-Income|COGS-Cost_of_Goods_Sold|"
         "Expense-Expense|OthIncome-Other_Income|OthExpense-Other_Expense|Equity-Equity "
         "currency:r=currency subsidiary:m=subsidiary description:t/999",
         {}},
        {"term",
         "Term",
         "term",
         "",
         "name",
         true,
         kListFields,
         "daysUntilNetDue:i discountPercent:n daysUntilExpiry:i preferred:b",
         {}},
        {"classification",
         "Class",
         "classification",
         "",
         "name",
         true,
         kListFields,
         "fullName:t! subsidiary:m=subsidiary parent:r=classification",
         {}},
        {"department",
         "Department",
         "department",
         "",
         "name",
         true,
         kListFields,
         "fullName:t! subsidiary:m=subsidiary parent:r=department",
         {}},
        {"priceLevel",
         "Price Level",
         "priceLevel",
         "",
         "name",
         true,
         kListFields,
         "discountpct:n isOnline:b updateExistingPrices:b",
         {}},
        {"customerStatus",
         "Customer Status",
         "customerStatus",
         "",
         "name",
         false,
         kListFields,
         "stage:t/30 probability:n",
         {}},
        {"taxType", "Tax Type", "taxType", "", "name", false, kListFields, "country:t/2", {}},
        {"taxSchedule",
         "Tax Schedule",
         "taxSchedule",
         "",
         "name",
         false,
         kListFields,
         "taxable:b",
         {}},
        {"salesTaxItem",
         "Tax Code",
         "salesTaxItem",
         "",
         "itemId",
         false,
         "",
         "itemId:t/60 description:t/999 rate:n taxType:r=taxType isInactive:b country:t/2",
         {}},
        {"accountingPeriod",
         "Accounting Period",
         "accountingPeriod",
         "",
         "periodName",
         false,
         "",
         "periodName:t/60 startDate:d endDate:d closed:b allLocked:b arLocked:b isQuarter:b "
         "isYear:b isAdjust:b",
         {}},
    };
    return kTable;
}

}  // namespace carrick::sandbox::netsuite

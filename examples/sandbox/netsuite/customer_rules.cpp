// SPDX-License-Identifier: Apache-2.0
// Customers, items and the rules that hold for every type.
#include "examples/sandbox/netsuite/address.hpp"
#include "examples/sandbox/netsuite/rules.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

void check_phone(const Record& draft, std::string_view field) {
    const std::string& phone = draft.body[field].text();
    if (phone.empty()) return;
    const auto digits =
        std::count_if(phone.begin(), phone.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits < 7)
        throw user_error("Phone numbers should have seven digits or more.", std::string(field));
}

std::string natural_name(const Record& draft) {
    const Json& body = draft.body;
    if (!draft.is_true("isPerson")) return body["companyName"].text();
    std::string name;
    for (const char* part : {"firstName", "middleName", "lastName"})
        if (!body[part].text().empty()) name += (name.empty() ? "" : " ") + body[part].text();
    return name;
}

void require_customer_fields(const Record& draft) {
    const Json& body = draft.body;
    std::vector<std::string> missing;
    const auto need = [&](const char* field, const char* label) {
        if (body[field].is_null()) missing.emplace_back(label);
    };
    if (draft.is_true("isPerson")) {
        need("firstName", "First Name");
        need("lastName", "Last Name");
    } else {
        need("companyName", "Company Name");
    }
    need("subsidiary", "Primary Subsidiary");
    if (!missing.empty()) throw missing_values(missing);
}

/// One name may stand for one entity only, whatever its type.
void require_unique_entity_id(const Record& draft, const RecordStore& store) {
    if (store.find_named("entity", draft.body["entityId"].text(), draft.id) != nullptr)
        throw user_error("This entity already exists.");
}

void name_customer(Record& draft, const Record* before, SaveContext& context) {
    Json& body = draft.body;
    if (context.switches.is("netsuite.auto_numbering", "on")) {
        if (before == nullptr)
            body.set("entityId", "CUST" + std::to_string(context.document_number));
        else
            body.set("entityId", before->body["entityId"]);
        return;
    }
    const bool named_by_us =
        before != nullptr && before->body["entityId"].text() == natural_name(*before);
    const bool kept = before != nullptr && body["entityId"] == before->body["entityId"];
    if (body["entityId"].is_null() || (named_by_us && kept))
        body.set("entityId", natural_name(draft));
}

void complete_address_book(Record& draft) {
    Json* lines = draft.body.find("addressBook");
    if (lines == nullptr) return;
    for (Json& line : *lines->find("items")->items_if()) {
        line.set("id", line["internalId"]);
        line.set("addressBookAddress_text", address_text(line["addressBookAddress"]));
        if (line["defaultBilling"].bool_if().value_or(false))
            draft.body.set("defaultAddress", line["addressBookAddress_text"]);
    }
}

}  // namespace

void check_email(const Record& draft, std::string_view field) {
    const std::string& email = draft.body[field].text();
    if (email.empty()) return;
    const std::size_t at = email.find('@');
    const std::size_t dot = email.rfind('.');
    const bool good = at != std::string::npos && at > 0 &&
                      email.find('@', at + 1) == std::string::npos && dot != std::string::npos &&
                      dot > at + 1 && dot + 1 < email.size() &&
                      email.find_first_of(" ,;<>()\t\r\n") == std::string::npos &&
                      email.find("..") == std::string::npos;
    if (!good) throw invalid_value(email, field, std::string(field));
}

void apply_customer_rules(Record& draft, const Record* before, SaveContext& context) {
    Json& body = draft.body;
    if (body["isPerson"].is_null())
        body.set("isPerson", body["companyName"].is_null() && !body["lastName"].is_null());
    require_customer_fields(draft);
    for (const char* field : {"email", "altEmail"}) check_email(draft, field);
    for (const char* field : {"phone", "altPhone", "mobilePhone", "homePhone", "fax"})
        check_phone(draft, field);

    const Record* subsidiary = context.store.find("subsidiary", draft.ref("subsidiary"));
    if (subsidiary == nullptr || subsidiary->is_true("isInactive"))
        throw invalid_value(draft.ref("subsidiary"), "subsidiary", "subsidiary");
    if (before != nullptr && before->ref("subsidiary") != draft.ref("subsidiary"))
        for (const auto& [id, transaction] : context.store.family("transaction"))
            if (transaction.ref("entity") == std::to_string(draft.id))
                throw user_error(
                    "You may not change the subsidiary of a customer that has transactions.",
                    "subsidiary");
    if (body["currency"].is_null()) body.set("currency", subsidiary->body["currency"]);
    if (body["entityStatus"].is_null()) body.set("entityStatus", Json::object({{"id", "13"}}));
    if (body["taxable"].is_null()) body.set("taxable", true);
    if (body["isInactive"].is_null()) body.set("isInactive", false);
    if (before == nullptr) body.set("dateCreated", context.now.text());

    name_customer(draft, before, context);
    require_unique_entity_id(draft, context.store);
    body.set("altName", natural_name(draft));
    complete_address_book(draft);
}

void apply_item_rules(Record& draft, SaveContext& context) {
    Json& body = draft.body;
    if (body["itemId"].is_null()) throw missing_values({"Item Name/Number"});
    if (context.store.find_named("item", body["itemId"].text(), draft.id) != nullptr)
        throw user_error("This record already exists: an item with this name is there.");
    if (draft.type->name == "inventoryItem" && body["assetAccount"].is_null())
        throw missing_values({"Asset Account"});
    if (body["isInactive"].is_null()) body.set("isInactive", false);
    if (body["createdDate"].is_null()) body.set("createdDate", context.now.text());
    body.set("itemType", draft.type->code);
}

void apply_rules(Record& draft, const Record* before, const Json& sent, SaveContext& context) {
    const RecordType& type = *draft.type;
    const std::string& external_id = draft.external_id();
    if (external_id.find('|') != std::string::npos)
        throw invalid_value(external_id, "externalid", "externalId");
    if (type.name == "customer") return apply_customer_rules(draft, before, context);
    if (type.name == "salesOrder") return apply_sales_order_rules(draft, before, sent, context);
    if (type.name == "invoice" || type.name == "cashSale")
        return apply_billing_rules(draft, before, sent, context);
    if (type.name == "itemFulfillment") return apply_fulfillment_rules(draft, before, context);
    if (type.family == "item") return apply_item_rules(draft, context);
    if (draft.body[type.display].is_null()) throw missing_values({"Name"});
    if (context.store.find_named(type.family, draft.body[type.display].text(), draft.id) != nullptr)
        throw user_error("This record already exists.");
    if (type.field("fullName") != nullptr) draft.body.set("fullName", draft.body["name"]);
}

}  // namespace carrick::sandbox::netsuite

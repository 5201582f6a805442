// SPDX-License-Identifier: Apache-2.0
// Fills SuiteQL's tables from records. On sales transactions quantities and amounts of lines are
// negative, and shipping, header discount and tax are lines of their own.
#include "examples/sandbox/netsuite/suiteql/tables.hpp"

#include "examples/sandbox/netsuite/refusal.hpp"
#include "examples/sandbox/netsuite/user_time.hpp"

#include <carrick/sdk/decimal.hpp>

#include <algorithm>
#include <cassert>

namespace carrick::sandbox::netsuite::suiteql {

namespace {

struct TableSpec {
    std::string_view name;
    std::string_view owner;
    /// "column:type[@DF target]=source" with type n, t, d (date), z (date-time), b; no source: the
    /// rows are made by hand below.
    std::string_view columns;
    std::string_view not_exposed;
};

constexpr TableSpec kTables[] = {
    {"transaction", "transaction",
     "id:n=# tranid:t=tranId externalid:t=externalId type:t@type=#code recordtype:t=#type "
     "status:t@status=status trandate:d=tranDate createddate:z=#created "
     "lastmodifieddate:z=#modified entity:n@customer=entity currency:n@currency=currency "
     "exchangerate:n=exchangeRate foreigntotal:n=total otherrefnum:t=otherRefNum memo:t=memo "
     "posting:b=posting void:b=#false voided:b=#false shipdate:d=shipDate "
     "shipmethod:n@shipItem=shipMethod terms:n@term=terms email:t=email "
     "shippingaddress:n=#ship billingaddress:n=#bill "
     "postingperiod:n@accountingPeriod=postingPeriod closedate:d= "
     "duedate:d=dueDate actualshipdate:d=shippedDate approvalstatus:n=approvalStatus "
     "foreignamountpaid:n=amountPaid foreignamountunpaid:n=amountRemaining "
     "reversal:n= isreversal:b= createdby:n= trandisplayname:t=#display "
     "transactionnumber:t=transactionNumber source:t=source",
     "createdfrom trackingnumbers shipstatus subsidiary location department class total subtotal "
     "item shipcountry"},
    {"transactionline", "transaction",
     "transaction:n id:n linesequencenumber:n uniquekey:n mainline:b taxline:b iscogs:b "
     "donotdisplayline:b item:n@item itemtype:t quantity:n rate:n foreignamount:n netamount:n "
     "location:n@location subsidiary:n@subsidiary class:n@classification department:n@department "
     "createdfrom:n price:n@priceLevel memo:t isclosed:b isfullyshipped:b quantityshiprecv:n "
     "quantitybilled:n quantitycommitted:n quantitypicked:n quantitypacked:n "
     "quantitybackordered:n kitcomponent:b kitmemberof:n fulfillable:b transactionlinetype:t "
     "accountinglinetype:t transactiondiscount:b entity:n@customer linelastmodifieddate:z",
     ""},
    {"transactionshippingaddress", "transaction",
     "nkey:n addressee:t attention:t addr1:t addr2:t addr3:t city:t state:t zip:t country:t "
     "addrphone:t",
     ""},
    {"transactionbillingaddress", "transaction",
     "nkey:n addressee:t attention:t addr1:t addr2:t addr3:t city:t state:t zip:t country:t "
     "addrphone:t",
     ""},
    {"customer", "customer",
     "id:n=# entityid:t=entityId externalid:t=externalId altname:t=altName "
     "companyname:t=companyName firstname:t=firstName lastname:t=lastName isperson:b=isPerson "
     "email:t=email phone:t=phone isinactive:b=isInactive subsidiary:n@subsidiary=subsidiary "
     "currency:n@currency=currency terms:n@term=terms pricelevel:n@priceLevel=priceLevel "
     "entitystatus:n@customerStatus=entityStatus datecreated:z=#created "
     "lastmodifieddate:z=#modified vatregnumber:t=vatRegNumber",
     "addressbook balance"},
    {"item", "item",
     "id:n=# itemid:t=itemId fullname:t=itemId displayname:t=displayName externalid:t=externalId "
     "itemtype:t=#code upccode:t=upcCode isinactive:b=isInactive createddate:z=#created "
     "lastmodifieddate:z=#modified weight:n=weight averagecost:n=averageCost "
     "salesdescription:t=salesDescription vendorname:t=vendorName mpn:t=mpn "
     "subsidiary:t=subsidiary parent:n@item=parent manufacturer:t=manufacturer cost:n=cost",
     "quantityavailable quantityonhand baseprice"},
    {"pricing", "item",
     "item:n@item pricelevel:n@priceLevel quantity:n currency:n@currency "
     "unitprice:n",
     ""},
    {"kititemmember", "item", "parentitem:n@item item:n@item quantity:n linenumber:n", ""},
    {"location", "location",
     "id:n=# name:t=name fullname:t=name externalid:t=externalId isinactive:b=isInactive "
     "subsidiary:t=subsidiary makeinventoryavailable:b=makeInventoryAvailable "
     "parent:n@location=parent lastmodifieddate:z=#modified",
     ""},
    {"subsidiary", "subsidiary",
     "id:n=# name:t=name fullname:t=name externalid:t=externalId legalname:t=legalName "
     "country:t=country currency:n@currency=currency parent:n@subsidiary=parent "
     "isinactive:b=isInactive iselimination:b=isElimination email:t=email",
     ""},
    {"currency", "currency",
     "id:n=# name:t=name symbol:t=symbol externalid:t=externalId exchangerate:n=exchangeRate "
     "currencyprecision:n=currencyPrecision displaysymbol:t=displaySymbol "
     "isbasecurrency:b=isBaseCurrency isinactive:b=isInactive",
     ""},
    {"account", "account",
     "id:n=# acctnumber:t=acctNumber accountsearchdisplayname:t=acctName fullname:t=fullName "
     "displaynamewithhierarchy:t=fullName accttype:t=acctType currency:n@currency=currency "
     "externalid:t=externalId isinactive:b=isInactive subsidiary:t=subsidiary "
     "description:t=description",
     ""},
    {"term", "term",
     "id:n=# name:t=name externalid:t=externalId isinactive:b=isInactive "
     "daysuntilnetdue:n=daysUntilNetDue",
     ""},
    {"classification", "classification",
     "id:n=# name:t=name fullname:t=fullName externalid:t=externalId isinactive:b=isInactive "
     "parent:n@classification=parent",
     ""},
    {"department", "department",
     "id:n=# name:t=name fullname:t=fullName externalid:t=externalId isinactive:b=isInactive "
     "parent:n@department=parent",
     ""},
    {"pricelevel", "priceLevel",
     "id:n=# name:t=name externalid:t=externalId discountpct:n=discountpct "
     "isinactive:b=isInactive isonline:b=isOnline",
     ""},
    {"shipitem", "shipItem",
     "id:n=# itemid:t=itemId displayname:t=displayName externalid:t=externalId "
     "isinactive:b=isInactive",
     ""},
    {"customerstatus", "customerStatus", "id:n=# name:t=name isinactive:b=isInactive", ""},
    {"salestaxitem", "salesTaxItem",
     "id:n=# itemid:t=itemId name:t=itemId description:t=description rate:n=rate "
     "isinactive:b=isInactive externalid:t=externalId",
     ""},
    {"taxtype", "taxType", "id:n=# name:t=name isinactive:b=isInactive", ""},
    {"accountingperiod", "accountingPeriod",
     "id:n=# periodname:t=periodName startdate:d=startDate enddate:d=endDate closed:b=closed "
     "alllocked:b=allLocked arlocked:b=arLocked isquarter:b=isQuarter isyear:b=isYear "
     "isadjust:b=isAdjust",
     ""},
    {"transactionstatus", "", "id:t trantype:t name:t fullname:t", ""},
    {"dual", "", "dummy:t", ""},
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        if (end > begin) words.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

SqlType type_of(char letter) {
    switch (letter) {
        case 'n': return SqlType::Number;
        case 'd':
        case 'z': return SqlType::Date;
        case 'b': return SqlType::Boolean;
        default: return SqlType::Text;
    }
}

Column parse_column(const std::string& word) {
    Column column;
    const std::size_t colon = word.find(':');
    assert(colon != std::string::npos);
    column.name = word.substr(0, colon);
    column.type = type_of(word[colon + 1]);
    std::string rest = word.substr(colon + 2);
    if (const std::size_t equals = rest.find('='); equals != std::string::npos) {
        column.source = rest.substr(equals + 1);
        rest.resize(equals);
    }
    if (!rest.empty()) column.target = rest.substr(1);
    return column;
}

SqlType type_of(const Field& field) {
    switch (field.kind) {
        case FieldKind::Number:
        case FieldKind::Integer:
        case FieldKind::Reference: return SqlType::Number;
        case FieldKind::Boolean: return SqlType::Boolean;
        case FieldKind::Date:
        case FieldKind::DateTime: return SqlType::Date;
        default: return SqlType::Text;
    }
}

void add_custom_columns(Table& table, const std::vector<Field>& fields) {
    for (const Field& field : fields)
        if (field.custom && table.column(lower(field.name)) == nullptr)
            table.columns.push_back({lower(field.name), type_of(field), field.target, field.name});
}

std::string negative(const Json& number) {
    const Decimal value = number.decimal_if().value_or(Decimal());
    return value.is_zero() ? "0" : value.negated().normalized().text();
}

/// One value of a record as SQL sees it.
class CellReader {
public:
    CellReader(const Record& record, const std::string& zone) : record_(record), zone_(zone) {}

    [[nodiscard]] Cell read(const Column& column) const {
        const std::string& source = column.source;
        if (source.empty()) return std::nullopt;
        if (source[0] == '#') return special(source);
        return of(record_.body[source], column.type);
    }

    [[nodiscard]] Cell of(const Json& stored, SqlType type) const {
        if (stored.is_null()) return type == SqlType::Boolean ? Cell("F") : std::nullopt;
        if (const std::optional<bool> flag = stored.bool_if()) return *flag ? "T" : "F";
        if (const std::optional<Decimal> number = stored.decimal_if())
            return number->normalized().text();
        if (stored.is_object()) return list_or_reference(stored);
        const std::string& text = stored.text();
        if (text.empty()) return std::nullopt;
        if (type != SqlType::Date) return text;
        if (text.size() == 10) return marked_date(text);
        const Result<UtcTime> time = UtcTime::parse(text);
        return time ? Cell(marked_date(local_text(*time, zone_))) : std::nullopt;
    }

private:
    [[nodiscard]] static Cell list_or_reference(const Json& stored) {
        if (stored.contains("id")) return stored["id"].text();
        std::string ids;
        for (const Json& item : stored["items"].items())
            ids += (ids.empty() ? "" : ", ") + item["id"].text();
        return ids.empty() ? Cell() : Cell(ids);
    }

    [[nodiscard]] Cell special(const std::string& source) const {
        if (source == "#") return std::to_string(record_.id);
        if (source == "#code") return record_.type->code;
        if (source == "#type") return lower(record_.type->name);
        if (source == "#created") return marked_date(local_text(record_.created, zone_));
        if (source == "#modified") return marked_date(local_text(record_.modified, zone_));
        if (source == "#false") return "F";
        if (source == "#display") return record_.display_name();
        if (source == "#ship" && !record_.body["shippingAddress"].is_null())
            return std::to_string(record_.id * 10 + 1);
        if (source == "#bill" && !record_.body["billingAddress"].is_null())
            return std::to_string(record_.id * 10 + 2);
        return std::nullopt;
    }

    const Record& record_;
    const std::string& zone_;
};

using Cells = std::vector<std::pair<std::string_view, Cell>>;

Row named_row(const Table& table, const Cells& cells) {
    Row row{&table, std::vector<Cell>(table.columns.size())};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
        if (table.columns[i].type == SqlType::Boolean) row.cells[i] = "F";
        for (const auto& [name, cell] : cells)
            if (table.columns[i].name == name) row.cells[i] = cell;
    }
    return row;
}

/// The lines of a sales order: main line, items, shipping, header discount, tax.
class OrderLines {
public:
    OrderLines(const Table& table, const Record& order, const View& view)
        : table_(table), order_(order), reader_(order, view.zone), view_(view) {}

    void append_to(std::vector<Row>& rows) {
        add(rows, 0,
            {{"mainline", "T"},
             {"createdfrom", reader_.of(order_.body["createdFrom"], SqlType::Number)},
             {"foreignamount", reader_.of(order_.body["total"], SqlType::Number)}});
        std::int64_t last = 0;
        for (const Json& line : order_.body["item"]["items"].items()) {
            last = std::max(last, line["line"].integer_if().value_or(0));
            add_item(rows, line);
        }
        add_extra(rows, ++last, "shippingCost", "ShipItem", "SHIPPING", order_.body["shipMethod"]);
        add_extra(rows, ++last, "discountTotal", "Discount", "DISCOUNT",
                  order_.body["discountItem"]);
        add_extra(rows, ++last, "taxTotal", "TaxItem", "TAX", Json());
    }

private:
    void add(std::vector<Row>& rows, std::int64_t id, Cells cells) {
        cells.insert(cells.end(), {{"transaction", std::to_string(order_.id)},
                                   {"id", std::to_string(id)},
                                   {"linesequencenumber", std::to_string(sequence_++)},
                                   {"entity", order_.ref("entity")},
                                   {"subsidiary", order_.ref("subsidiary")},
                                   {"linelastmodifieddate",
                                    marked_date(local_text(order_.modified, view_.zone))}});
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (cells[i].first == "foreignamount" && cells[i].second)
                cells.emplace_back("netamount", in_base_currency(*cells[i].second));
        rows.push_back(named_row(table_, cells));
    }

    void add_item(std::vector<Row>& rows, const Json& line) {
        const bool goods =
            line["itemType"].text() == "InvtPart" || line["itemType"].text() == "Kit";
        Cells cells{{"item", line["item"]["id"].text()},
                    {"itemtype", line["itemType"].text()},
                    {"uniquekey", line["lineUniqueKey"].text()},
                    {"rate", reader_.of(line["rate"], SqlType::Number)},
                    {"foreignamount", negative(line["amount"])},
                    {"memo", reader_.of(line["description"], SqlType::Text)},
                    {"isclosed", reader_.of(line["isClosed"], SqlType::Boolean)},
                    {"fulfillable", goods ? "T" : "F"},
                    {"location", reader_.of(line["location"], SqlType::Number)},
                    {"class", reader_.of(line["class"], SqlType::Number)},
                    {"department", reader_.of(line["department"], SqlType::Number)},
                    {"price", reader_.of(line["price"], SqlType::Number)},
                    {"createdfrom", reader_.of(order_.body["createdFrom"], SqlType::Number)},
                    {"accountinglinetype", "INCOME"},
                    {"quantityshiprecv", reader_.of(line["quantityFulfilled"], SqlType::Number)},
                    {"quantitypicked", picked(line, "quantityPicked")},
                    {"quantitypacked", picked(line, "quantityPacked")},
                    {"quantitybilled", reader_.of(line["quantityBilled"], SqlType::Number)}};
        if (!line["quantity"].is_null()) cells.emplace_back("quantity", negative(line["quantity"]));
        for (const Column& column : table_.columns)
            if (!column.source.empty())
                cells.emplace_back(column.name, reader_.of(line[column.source], column.type));
        add(rows, line["line"].integer_if().value_or(0), std::move(cells));
    }

    /// The store keeps what is on its way out: packed units are among the picked ones, and neither
    /// have left.
    [[nodiscard]] Cell picked(const Json& line, const char* field) const {
        Cell inside = reader_.of(line[field], SqlType::Number);
        if (!view_.picked_is_cumulative || line["quantityFulfilled"].is_null()) return inside;
        const Decimal gone = line["quantityFulfilled"].decimal_if().value_or(Decimal());
        const Decimal all = gone.plus(line[field].decimal_if().value_or(Decimal())).value_or(gone);
        return all.normalized().text();
    }

    void add_extra(std::vector<Row>& rows, std::int64_t id, const char* field,
                   const char* item_type, const char* line_type, const Json& item) {
        const std::optional<Decimal> amount = order_.body[field].decimal_if();
        if (!amount || amount->is_zero()) return;
        Cells cells{{"itemtype", item_type},
                    {"transactionlinetype", line_type},
                    {"taxline", std::string_view(item_type) == "TaxItem" ? "T" : "F"},
                    {"transactiondiscount", std::string_view(item_type) == "Discount" ? "T" : "F"},
                    {"foreignamount", negative(order_.body[field])}};
        if (!item.is_null()) cells.emplace_back("item", item["id"].text());
        add(rows, id, std::move(cells));
    }

    [[nodiscard]] std::string in_base_currency(const std::string& amount) const {
        const Decimal rate = order_.body["exchangeRate"].decimal_if().value_or(Decimal(1));
        const Result<Decimal> value = Decimal::parse(amount).value_or(Decimal()).times(rate);
        return value ? value->rounded(2).value_or(Decimal()).normalized().text() : amount;
    }

    const Table& table_;
    const Record& order_;
    CellReader reader_;
    const View& view_;
    std::int64_t sequence_ = 0;
};

void append_address(std::vector<Row>& rows, const Table& table, const Json& address,
                    std::int64_t key) {
    if (address.is_null()) return;
    Cells cells{{"nkey", std::to_string(key)}};
    for (const char* field :
         {"addressee", "attention", "addr1", "addr2", "addr3", "city", "state", "zip"})
        if (!address[field].text().empty()) cells.emplace_back(field, address[field].text());
    if (!address["country"].is_null())
        cells.emplace_back("country", address["country"]["id"].text());
    if (!address["addrPhone"].is_null())
        cells.emplace_back("addrphone", address["addrPhone"].text());
    rows.push_back(named_row(table, cells));
}

}  // namespace

std::string marked_date(std::string_view text) {
    std::string result(1, kDateMark);
    result += text;
    if (text.size() == 10) result += " 00:00:00";
    return result;
}

const Column* Table::column(std::string_view column_name) const {
    for (const Column& column : columns)
        if (column.name == column_name) return &column;
    return nullptr;
}

Tables::Tables(const Schema& schema) {
    for (const TableSpec& spec : kTables) {
        Table table;
        table.name = spec.name;
        table.owner = spec.owner;
        for (const std::string& word : split(spec.columns))
            table.columns.push_back(parse_column(word));
        table.not_exposed = split(spec.not_exposed);
        for (const RecordType& type : schema.types()) {
            const bool own = (table.name == "transaction" && type.family == "transaction") ||
                             (table.name == "item" && type.family == "item") ||
                             (table.name == "customer" && type.name == "customer");
            if (own) add_custom_columns(table, type.fields);
            if (table.name == "transactionline" && type.family == "transaction")
                if (const Sublist* lines = type.sublist("item"))
                    add_custom_columns(table, lines->fields);
        }
        tables_.push_back(std::move(table));
    }
}

const Table* Tables::find(std::string_view name) const {
    for (const Table& table : tables_)
        if (table.name == name) return &table;
    return nullptr;
}

std::vector<std::pair<std::string, std::string>> Tables::homes_of(std::string_view family) {
    if (family == "transaction")
        return {{"transaction", "id"},
                {"transactionline", "transaction"},
                {"transactionshippingaddress", "nkey"},
                {"transactionbillingaddress", "nkey"}};
    if (family == "entity") return {{"customer", "id"}};
    if (family == "item")
        return {{"item", "id"}, {"pricing", "item"}, {"kititemmember", "parentitem"}};
    return {{lower(family), "id"}};
}

std::vector<Row> Tables::rows_of(const Record& record, const View& view) const {
    std::vector<Row> rows;
    const std::string& family = record.type->family;
    const std::string main_name = family == "entity" ? "customer" : lower(family);
    const CellReader reader(record, view.zone);
    if (const Table* table = find(main_name)) {
        Row row{table, {}};
        for (const Column& column : table->columns) row.cells.push_back(reader.read(column));
        rows.push_back(std::move(row));
    }
    if (family == "transaction") {
        OrderLines(*find("transactionline"), record, view).append_to(rows);
        append_address(rows, *find("transactionshippingaddress"), record.body["shippingAddress"],
                       record.id * 10 + 1);
        append_address(rows, *find("transactionbillingaddress"), record.body["billingAddress"],
                       record.id * 10 + 2);
    }
    for (const Json& price : record.body["price"]["items"].items())
        rows.push_back(named_row(
            *find("pricing"),
            {{"item", std::to_string(record.id)},
             {"pricelevel", price["priceLevel"]["id"].text()},
             {"currency", price["currencyPage"]["id"].text()},
             {"quantity", reader.of(price["quantity"].is_null() ? Json(0) : price["quantity"],
                                    SqlType::Number)},
             {"unitprice", reader.of(price["price"], SqlType::Number)}}));
    for (const Json& member : record.body["member"]["items"].items())
        rows.push_back(
            named_row(*find("kititemmember"),
                      {{"parentitem", std::to_string(record.id)},
                       {"item", member["item"]["id"].text()},
                       {"quantity", reader.of(member["quantity"], SqlType::Number)},
                       {"linenumber", reader.of(member["lineNumber"], SqlType::Number)}}));
    return rows;
}

}  // namespace carrick::sandbox::netsuite::suiteql

// SPDX-License-Identifier: Apache-2.0
// What the sandbox knows and answers against the published record contracts. Runs where
// CARRICK_CONTRACTS names them.
#include "examples/sandbox/netsuite/schema.hpp"
#include "tests/sandbox/netsuite/account_fixture.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>

namespace carrick::sandbox::testing {

namespace {

Json contract(const std::string& file) {
    std::ifstream stream(std::string(std::getenv("CARRICK_CONTRACTS")) + "/netsuite/" + file);
    const std::string text(std::istreambuf_iterator<char>(stream), {});
    return Json::parse(text).value_or(Json());
}

bool no_contracts() {
    if (std::getenv("CARRICK_CONTRACTS") != nullptr) return false;
    std::puts("SKIPPED: CARRICK_CONTRACTS is not set");
    return true;
}

/// Bookkeeping of every record, and this account's own fields.
bool told_elsewhere(const std::string& name) {
    static const std::set<std::string> kNames{"id", "externalId", "lastModifiedDate", "refName"};
    return kNames.contains(name) || name.starts_with("cust");
}

/// Tables marked incomplete were taken from SOAP, which spells these differently or not at all.
bool left_out(const Json& record, const std::string& name) {
    static const std::set<std::string> kNames{"subsidiary", "fullName", "itemType"};
    return record.contains("incomplete") && kNames.contains(name);
}

bool is_line_key(const netsuite::Sublist& list, const std::string& name) {
    return std::find(list.new_key.begin(), list.new_key.end(), name) != list.new_key.end();
}

std::vector<std::string> strangers(const netsuite::RecordType& type, const Json& record) {
    std::vector<std::string> unknown;
    for (const netsuite::Field& field : type.fields)
        if (!told_elsewhere(field.name) && !left_out(record, field.name) &&
            !record["fields"].contains(field.name) && !record["sublists"].contains(field.name))
            unknown.push_back(field.name);
    for (const netsuite::Sublist& list : type.sublists)
        for (const netsuite::Field& field : list.fields)
            if (const Json& fields = record["sublists"][list.name]["fields"];
                !fields.empty() && !told_elsewhere(field.name) && !is_line_key(list, field.name) &&
                !fields.contains(field.name))
                unknown.push_back(list.name + "." + field.name);
    return unknown;
}

}  // namespace

TEST_CASE("every field of orders, customers and items is one that NetSuite documents") {
    if (no_contracts()) return;
    const netsuite::Schema schema(netsuite::default_custom_fields());
    for (const char* name :
         {"salesOrder", "invoice", "cashSale", "itemFulfillment", "customer", "inventoryItem",
          "nonInventorySaleItem", "kitItem", "discountItem", "location", "subsidiary", "currency",
          "account", "term", "classification", "department", "priceLevel"}) {
        const Json record = contract("records/" + std::string(name) + ".json");
        REQUIRE(record["fields"].is_object());
        const std::vector<std::string> unknown = strangers(*schema.find(name), record);
        std::string listed;
        for (const std::string& field : unknown) listed += " " + field;
        INFO(name << ":" << listed);
        CHECK(unknown.empty());
    }
}

TEST_CASE("status letters and labels are the documented ones") {
    if (no_contracts()) return;
    const netsuite::Schema schema({});
    const Json letters = contract("enums.json")["statusLetters"]["salesOrder"];
    const netsuite::Field* status = schema.find("salesOrder")->field("status");
    REQUIRE(letters.size() == status->values.size());
    for (const JsonMember& letter : letters.members())
        CHECK(status->label_of(letter.key) == letter.value.text());
}

TEST_CASE_METHOD(AccountFixture,
                 "what is read back has the documented names, and each reference its shape") {
    if (no_contracts()) return;
    Json body = order({line("SHACKLE-6", "1", "7.49")}, "AMZ-SO-NA1-CONTRACT");
    body.set("shippingAddress", Json::object({{"addr1", "1 Main St"}, {"country", ref("US")}}));
    const std::string id = made(record("POST", "salesOrder", body));
    const Json read = get("salesOrder/" + id + "?expandSubResources=true");
    const Json fields = contract("records/salesOrder.json")["fields"];
    for (const JsonMember& member : read.members()) {
        if (member.key == "links" || told_elsewhere(member.key)) continue;
        INFO(member.key);
        REQUIRE(fields.contains(member.key));
        const std::string& type = fields[member.key]["type"].text();
        if (type == "ref" || type == "enumRef") CHECK(member.value["refName"].is_string());
        if (type == "number") CHECK(member.value.is_number());
        if (type == "boolean") CHECK(member.value.is_bool());
        if (type == "string") CHECK(member.value.is_string());
        if (type == "sublist") CHECK(member.value["items"].is_array());
    }
    const Json page = get("salesOrder?limit=1");
    const Json shape = contract("shapes.json")["collection"];
    REQUIRE_FALSE(shape.empty());
    for (const JsonMember& part : shape.members()) CHECK(page.contains(part.key));
}

}  // namespace carrick::sandbox::testing

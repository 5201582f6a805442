// SPDX-License-Identifier: Apache-2.0
#include "tests/contracts/netsuite_contract.hpp"

#include <carrick/sdk/utc_time.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>

namespace carrick::testing {
namespace {

class Checker {
public:
    explicit Checker(const Json& contract) : contract_(contract) {}

    std::vector<std::string> problems;

    /// One object of fields: the body, a line or a subrecord.
    void object(const Json& value, const Json& fields, const std::string& path) {
        if (!value.is_object()) return say(path, "an object is expected, found " + type(value));
        for (const JsonMember& member : value.members()) {
            const std::string at = path.empty() ? member.key : path + "." + member.key;
            if (is_custom(member.key)) continue;
            if (const Json* field = fields.find(member.key))
                one(member.value, *field, member.key, at);
            else
                say(at, "no such field" + likely(member.key, fields));
        }
    }

private:
    void say(const std::string& path, const std::string& problem) {
        problems.push_back(path + ": " + problem);
    }
    static std::string type(const Json& value) { return std::string(value.type_name()); }

    static bool is_custom(std::string_view name) {
        static constexpr std::array<std::string_view, 5> kPrefixes{
            "custbody", "custcol", "custentity", "custitem", "custrecord"};
        const bool lower = std::none_of(name.begin(), name.end(),
                                        [](unsigned char c) { return std::isupper(c) != 0; });
        return lower &&
               std::any_of(kPrefixes.begin(), kPrefixes.end(),
                           [&](std::string_view prefix) { return name.starts_with(prefix); });
    }

    static std::string likely(const std::string& name, const Json& fields) {
        const auto lower = [](std::string text) {
            std::transform(text.begin(), text.end(), text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            return text;
        };
        for (const JsonMember& field : fields.members())
            if (lower(field.key) == lower(name)) return "; is \"" + field.key + "\" meant?";
        return "";
    }

    void one(const Json& value, const Json& field, const std::string& name,
             const std::string& path) {
        if (field["readOnly"].bool_if() == true) return say(path, "is read-only");
        if (value.is_null()) return;
        const std::string& kind = field["type"].text();
        if (kind == "string")
            text(value, field, path);
        else if (kind == "number" || kind == "integer")
            number(value, kind, path);
        else if (kind == "boolean")
            expect(value.is_bool(), "true or false", value, path);
        else if (kind == "ref")
            reference(value, path);
        else if (kind == "enumRef")
            enumeration(value, field, path);
        else if (kind == "refCollection")
            references(value, path);
        else if (kind == "sublist")
            sublist(value, name, path);
        else if (kind == "subrecord")
            subrecord(value, field, path);
        else if (kind == "links")
            say(path, "links are read, never written");
        else
            expect(value.is_object(), "an object", value, path);
    }

    void expect(bool fits, const std::string& what, const Json& value, const std::string& path) {
        if (!fits) say(path, what + " is expected, found " + type(value));
    }

    void text(const Json& value, const Json& field, const std::string& path) {
        expect(value.is_string(), "a text", value, path);
        if (!value.is_string()) return;
        const std::string& format = field["format"].text();
        const bool day = LocalDate::parse(value.text()).ok();
        const bool moment = UtcTime::parse(value.text()).ok();
        if (format == "date" && !day && !moment) say(path, "a date is expected (YYYY-MM-DD)");
        if (format == "date-time" && !moment) say(path, "a time with its zone is expected");
    }

    void number(const Json& value, const std::string& kind, const std::string& path) {
        expect(value.is_number(), "a number", value, path);
        if (value.is_number() && kind == "integer" && !value.integer_if())
            say(path, "a whole number is expected");
    }

    void reference(const Json& value, const std::string& path) {
        if (!value.is_object())
            return say(path, "a reference object is expected, found " + type(value));
        const bool id = value["id"].is_string() && !value["id"].text().empty();
        const bool external =
            value["externalId"].is_string() && !value["externalId"].text().empty();
        if (!id && !external) say(path, "a reference needs an id or an externalId, as text");
        for (const JsonMember& member : value.members())
            if (member.key != "id" && member.key != "externalId" && member.key != "refName")
                say(path + "." + member.key, "does not belong into a reference");
    }

    void enumeration(const Json& value, const Json& field, const std::string& path) {
        if (!value.is_object() || !value["id"].is_string())
            return say(path, "{\"id\": …} is expected");
        const Json::Array& allowed = field["enum"].items();
        const auto fits = [&](const Json& one) { return one.text() == value["id"].text(); };
        if (!allowed.empty() && std::none_of(allowed.begin(), allowed.end(), fits))
            say(path, "\"" + value["id"].text() + "\" is none of its values");
    }

    void references(const Json& value, const std::string& path) {
        if (!value["items"].is_array()) return say(path, "{\"items\": [{\"id\": …}]} is expected");
        for (std::size_t i = 0; i < value["items"].size(); ++i)
            reference(value["items"][i], path + ".items[" + std::to_string(i) + "]");
    }

    void sublist(const Json& value, const std::string& name, const std::string& path) {
        if (!value.is_object() || !value["items"].is_array())
            return say(path, "{\"items\": [...]} is expected");
        for (const JsonMember& member : value.members())
            if (member.key != "items")
                say(path + "." + member.key, "does not belong into a sublist");
        const Json* known = contract_["sublists"].find(name);
        // Sublists whose columns nobody has written down cannot be judged, only their shape.
        if (known == nullptr || !(*known)["fields"].is_object()) return;
        for (std::size_t i = 0; i < value["items"].size(); ++i)
            line(value["items"][i], (*known)["fields"], path + ".items[" + std::to_string(i) + "]");
    }

    void line(const Json& value, const Json& fields, const std::string& path) {
        object(value, fields, path);
    }

    void subrecord(const Json& value, const Json& field, const std::string& path) {
        const Json* schema = contract_["subrecords"].find(field["schema"].text());
        if (schema == nullptr) return expect(value.is_object(), "an object", value, path);
        object(value, *schema, path);
    }

    const Json& contract_;
};

const Json* contract_of(const std::string& record_type) {
    static std::mutex mutex;
    static std::map<std::string, Json> kept;
    const std::lock_guard lock(mutex);
    if (const auto found = kept.find(record_type); found != kept.end()) return &found->second;
    std::ifstream file(netsuite_contract_dir() + "/records/" + record_type + ".json");
    if (!file) return nullptr;
    std::stringstream text;
    text << file.rdbuf();
    Result<Json> parsed = Json::parse(text.str());
    if (!parsed) return nullptr;
    return &(kept[record_type] = std::move(parsed).value());
}

}  // namespace

std::string netsuite_contract_dir() {
    const char* dir = std::getenv("CARRICK_CONTRACTS");
    return dir == nullptr || *dir == '\0' ? std::string() : std::string(dir) + "/netsuite";
}

std::vector<std::string> check_payload(std::string_view record_type, const Json& body) {
    const std::string name(record_type);
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0;
    });
    const Json* contract = plain ? contract_of(name) : nullptr;
    if (contract == nullptr) return {"\"" + name + "\": the contract has no such record type"};
    Checker checker(*contract);
    checker.object(body, (*contract)["fields"], "");
    return std::move(checker.problems);
}

}  // namespace carrick::testing

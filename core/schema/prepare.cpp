// SPDX-License-Identifier: Apache-2.0
// Preparing a schema: every keyword is either checked later, or known to say nothing, or refused.
#include "core/schema/prepare.hpp"

#include "core/schema/exact.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

namespace carrick::schema {

namespace {

enum class Keyword {
    Annotation,
    Schema,
    SchemaMap,
    SchemaList,
    Items,
    Dependencies,
    Count,
    Names,
    Type,
    Number,
    Exclusive,
    Enum,
    Const,
    Pattern,
    Format,
    Flag,
};

struct KeywordRow {
    std::string_view name;
    Keyword keyword;
};

constexpr KeywordRow kKeywords[] = {
    {"properties", Keyword::SchemaMap},
    {"patternProperties", Keyword::SchemaMap},
    {"additionalProperties", Keyword::Schema},
    {"propertyNames", Keyword::Schema},
    {"additionalItems", Keyword::Schema},
    {"contains", Keyword::Schema},
    {"not", Keyword::Schema},
    {"if", Keyword::Schema},
    {"then", Keyword::Schema},
    {"else", Keyword::Schema},
    {"allOf", Keyword::SchemaList},
    {"anyOf", Keyword::SchemaList},
    {"oneOf", Keyword::SchemaList},
    {"items", Keyword::Items},
    {"dependencies", Keyword::Dependencies},
    {"minLength", Keyword::Count},
    {"maxLength", Keyword::Count},
    {"minItems", Keyword::Count},
    {"maxItems", Keyword::Count},
    {"minProperties", Keyword::Count},
    {"maxProperties", Keyword::Count},
    {"required", Keyword::Names},
    {"type", Keyword::Type},
    {"minimum", Keyword::Number},
    {"maximum", Keyword::Number},
    {"multipleOf", Keyword::Number},
    {"exclusiveMinimum", Keyword::Exclusive},
    {"exclusiveMaximum", Keyword::Exclusive},
    {"enum", Keyword::Enum},
    {"const", Keyword::Const},
    {"pattern", Keyword::Pattern},
    {"format", Keyword::Format},
    {"uniqueItems", Keyword::Flag},
    // Read where they are referred to, not where they stand.
    {"definitions", Keyword::Annotation},
    {"$defs", Keyword::Annotation},
    {"$schema", Keyword::Annotation},
    {"$id", Keyword::Annotation},
    {"id", Keyword::Annotation},
    {"$comment", Keyword::Annotation},
    {"title", Keyword::Annotation},
    {"description", Keyword::Annotation},
    {"default", Keyword::Annotation},
    {"example", Keyword::Annotation},
    {"examples", Keyword::Annotation},
    {"deprecated", Keyword::Annotation},
    {"readOnly", Keyword::Annotation},
    {"writeOnly", Keyword::Annotation},
    {"nullable", Keyword::Annotation},  // taken into account with `type`
    {"discriminator", Keyword::Annotation},
    {"xml", Keyword::Annotation},
    {"externalDocs", Keyword::Annotation},
    {"contentEncoding", Keyword::Annotation},
    {"contentMediaType", Keyword::Annotation},
    {"reference", Keyword::Annotation},  // our settings: a name or an id, resolved at start
};

std::optional<Keyword> keyword_of(std::string_view name) {
    if (name.starts_with("x-")) return Keyword::Annotation;
    for (const KeywordRow& row : kKeywords)
        if (row.name == name) return row.keyword;
    return std::nullopt;
}

std::string escape_pointer(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else
            escaped += c;
    }
    return escaped;
}

/// Follows "#/a/b" from a document; null where there is nothing.
const Json* follow_pointer(const Json& document, std::string_view reference) {
    if (!reference.starts_with("#")) return nullptr;
    reference.remove_prefix(1);
    const Json* at = &document;
    while (at != nullptr && !reference.empty()) {
        if (reference.front() != '/') return nullptr;
        const std::size_t end = std::min(reference.find('/', 1), reference.size());
        std::string key;
        for (std::size_t i = 1; i < end; ++i) {
            const bool tilde = reference[i] == '~' && i + 1 < end;
            if (tilde) ++i;
            key += tilde ? (reference[i] == '0' ? '~' : '/') : reference[i];
        }
        reference.remove_prefix(end);
        if (at->is_array()) {
            const bool digits = !key.empty() && key.size() < 9 &&
                                key.find_first_not_of("0123456789") == std::string::npos;
            const std::size_t index = digits ? std::stoul(key) : at->size();
            at = index < at->size() ? &at->items()[index] : nullptr;
        } else {
            at = at->find(key);
        }
    }
    return at;
}

class Preparer {
public:
    Preparer(const Json& schema, const Json& root) : schema_(schema), root_(root) {}

    Result<Prepared> run() {
        Json top = schema(schema_, "#");
        Json definitions = Json::object();
        while (!error_ && !wanted_.empty()) {
            const auto [name, reference] = wanted_.front();
            wanted_.pop_front();
            const Json* target = end_of_chain(reference);
            if (target == nullptr) break;
            definitions.set(name, schema(*target, reference));
        }
        if (error_) return *error_;
        if (!definitions.empty()) top.set("definitions", std::move(definitions));
        return Prepared{std::move(top), std::move(patterns_)};
    }

private:
    void fail(const char* code, const std::string& where, const std::string& what) {
        if (!error_) error_ = misconfigured(code, "schema at " + where + ": " + what, where);
    }
    void wrong(const std::string& where, std::string_view expected) {
        fail("schema.syntax", where, "expected " + std::string(expected));
    }

    Json schema(const Json& source, const std::string& where) {
        constexpr std::size_t kDeepest = 2000;
        if (error_ || where.size() > kDeepest * 4) {
            wrong(where.substr(0, 80), "a schema that is not nested without end");
            return Json::object();
        }
        // A schema may be `true` (anything) or `false` (nothing).
        if (const std::optional<bool> anything = source.bool_if())
            return *anything ? Json::object() : Json::object({{"not", Json::object()}});
        if (!source.is_object()) {
            wrong(where,
                  "a schema (an object, true or false), found " + std::string(source.type_name()));
            return Json::object();
        }
        // As draft-07 has it: beside a $ref nothing else counts. OpenAPI files put texts there.
        if (const Json* reference = source.find("$ref")) return refer(*reference, where);

        Json plain = Json::object();
        for (const JsonMember& member : source.members()) keyword(member, source, where, plain);
        return plain;
    }

    Json refer(const Json& reference, const std::string& where) {
        if (!reference.is_string()) {
            wrong(where + "/$ref", "a text such as \"#/definitions/Order\"");
            return Json::object();
        }
        const auto [at, fresh] =
            names_.emplace(reference.text(), "d" + std::to_string(names_.size()));
        if (fresh) wanted_.emplace_back(at->second, reference.text());
        return Json::object({{"$ref", "#/definitions/" + at->second}});
    }

    /// The schema behind a reference that may lead to further references; a ring is an error.
    const Json* end_of_chain(const std::string& reference) {
        std::set<std::string> seen;
        std::string next = reference;
        for (;;) {
            if (!seen.insert(next).second) {
                fail("schema.syntax", reference, "the reference leads back to itself");
                return nullptr;
            }
            const Json* target = follow_pointer(root_, next);
            if (target == nullptr) target = follow_pointer(schema_, next);
            if (target == nullptr) {
                fail("schema.syntax", next, "the reference leads nowhere in this document");
                return nullptr;
            }
            const Json& further = (*target)["$ref"];
            if (!further.is_string()) return target;
            next = further.text();
        }
    }

    void keyword(const JsonMember& member, const Json& source, const std::string& where,
                 Json& plain) {
        const std::string here = where + "/" + escape_pointer(member.key);
        const std::optional<Keyword> kind = keyword_of(member.key);
        if (!kind) {
            fail("schema.keyword", here,
                 "the keyword \"" + member.key.substr(0, 60) + "\" is not one that Carrick checks");
            return;
        }
        const Json& value = member.value;
        switch (*kind) {
            case Keyword::Annotation: break;
            // `additionalProperties: false` stays as it is: it deserves a message of its own.
            case Keyword::Schema:
                plain.set(member.key, value.is_bool() && member.key.starts_with("additional")
                                          ? value
                                          : schema(value, here));
                break;
            case Keyword::SchemaMap: plain.set(member.key, schema_map(member, here)); break;
            case Keyword::SchemaList: plain.set(member.key, schema_list(value, here)); break;
            case Keyword::Items:
                plain.set("items",
                          value.is_array() ? schema_list(value, here) : schema(value, here));
                break;
            case Keyword::Dependencies: plain.set("dependencies", dependencies(value, here)); break;
            case Keyword::Count:
                if (value.integer_if().value_or(-1) < 0) wrong(here, "a whole number from 0");
                // As 5, not 5.0 or 5e0: what valijson reads as an integer.
                plain.set(member.key, Json(value.integer_if().value_or(0)));
                break;
            case Keyword::Names: plain.set(member.key, names(value, here)); break;
            case Keyword::Type: plain.set("type", type(value, source, here)); break;
            case Keyword::Number: number(member, source, here, plain); break;
            case Keyword::Exclusive: exclusive(member, source, here, plain); break;
            case Keyword::Enum: enumeration(value, source, here, plain); break;
            case Keyword::Const: exact("const", value, plain); break;
            case Keyword::Pattern:
                if (!value.is_string()) wrong(here, "a text");
                remember_pattern(value.text(), here);
                exact("pattern", value, plain);
                break;
            case Keyword::Format: format(value, here, plain); break;
            case Keyword::Flag:
                if (!value.is_bool()) wrong(here, "true or false");
                if (value.bool_if().value_or(false)) exact("uniqueItems", value, plain);
                break;
        }
    }

    static void exact(std::string_view name, const Json& value, Json& plain) {
        plain.set(std::string(kExactPrefix) + std::string(name), value);
    }

    Json schema_map(const JsonMember& member, const std::string& here) {
        if (!member.value.is_object()) wrong(here, "an object of schemas");
        Json result = Json::object();
        for (const JsonMember& entry : member.value.members()) {
            if (member.key == "patternProperties") remember_pattern(entry.key, here);
            // valijson keeps names as C strings; one with a NUL would be cut and match another.
            if (entry.key.find('\0') != std::string::npos) wrong(here, "names without a NUL");
            result.members_if()->push_back(
                {entry.key, schema(entry.value, here + "/" + escape_pointer(entry.key))});
        }
        return result;
    }

    Json schema_list(const Json& value, const std::string& here) {
        if (!value.is_array() || value.empty()) wrong(here, "a list of at least one schema");
        Json result = Json::array();
        for (std::size_t i = 0; i < value.size(); ++i)
            result.push_back(schema(value[i], here + "/" + std::to_string(i)));
        return result;
    }

    Json dependencies(const Json& value, const std::string& here) {
        if (!value.is_object()) wrong(here, "an object");
        Json result = Json::object();
        for (const JsonMember& entry : value.members()) {
            const std::string at = here + "/" + escape_pointer(entry.key);
            result.set(entry.key,
                       entry.value.is_array() ? names(entry.value, at) : schema(entry.value, at));
        }
        return result;
    }

    Json names(const Json& value, const std::string& here) {
        const auto is_text = [](const Json& item) { return item.is_string(); };
        if (!value.is_array() || !std::all_of(value.items().begin(), value.items().end(), is_text))
            wrong(here, "a list of property names");
        return value;
    }

    Json type(const Json& value, const Json& source, const std::string& here) {
        static constexpr std::string_view kTypes[] = {"array",  "boolean", "integer", "null",
                                                      "number", "object",  "string"};
        Json types = value.is_string() ? Json::array({value}) : value;
        const auto is_known = [](const Json& item) {
            return std::find(std::begin(kTypes), std::end(kTypes), item.text()) != std::end(kTypes);
        };
        if (!types.is_array() || types.empty() ||
            !std::all_of(types.items().begin(), types.items().end(), is_known))
            wrong(here,
                  "one of array, boolean, integer, null, number, object, string, or a list "
                  "of them");
        if (is_nullable(source) && types.is_array()) types.push_back("null");
        return types;
    }

    static bool is_nullable(const Json& source) {
        return source["nullable"].bool_if().value_or(false);
    }

    void number(const JsonMember& member, const Json& source, const std::string& here,
                Json& plain) {
        if (!member.value.is_number()) return wrong(here, "a number");
        if (member.key == "multipleOf" &&
            (compare_numbers(*member.value.number_if(), "0") <= 0 || !member.value.decimal_if()))
            return wrong(here, "a number above 0 of at most 36 digits");
        // Draft-04 and Swagger 2: `exclusiveMinimum: true` sharpens `minimum`.
        std::string name = member.key;
        if (name == "minimum" && source["exclusiveMinimum"].bool_if().value_or(false))
            name = "exclusiveMinimum";
        if (name == "maximum" && source["exclusiveMaximum"].bool_if().value_or(false))
            name = "exclusiveMaximum";
        exact(name, member.value, plain);
    }

    void exclusive(const JsonMember& member, const Json& source, const std::string& here,
                   Json& plain) {
        if (member.value.is_number()) return exact(member.key, member.value, plain);
        const char* partner = member.key == "exclusiveMinimum" ? "minimum" : "maximum";
        if (!member.value.is_bool() || !source.contains(partner))
            wrong(here, "a number, or true or false beside " + std::string(partner));
    }

    void enumeration(const Json& value, const Json& source, const std::string& here, Json& plain) {
        if (!value.is_array() || value.empty()) return wrong(here, "a list of at least one value");
        Json values = value;
        if (is_nullable(source)) values.push_back(Json());
        exact("enum", values, plain);
    }

    void format(const Json& value, const std::string& here, Json& plain) {
        if (!value.is_string()) return wrong(here, "a text");
        switch (format_support(value.text())) {
            case FormatSupport::Checked: exact("format", value, plain); break;
            case FormatSupport::Annotation: break;
            case FormatSupport::Unknown:
                fail("schema.keyword", here,
                     "the format \"" + value.text().substr(0, 60) +
                         "\" is not one that Carrick knows");
                break;
        }
    }

    void remember_pattern(const std::string& pattern, const std::string& here) {
        if (patterns_.contains(pattern)) return;
        Result<std::regex> compiled = compile_pattern(pattern);
        if (!compiled) return fail("schema.syntax", here, compiled.error().message);
        patterns_.emplace(pattern, std::move(*compiled));
    }

    const Json& schema_;
    const Json& root_;
    std::optional<Error> error_;
    std::map<std::string, std::string> names_;                // reference -> definition
    std::deque<std::pair<std::string, std::string>> wanted_;  // definition, reference
    std::map<std::string, std::regex> patterns_;
};

}  // namespace

Result<Prepared> prepare(const Json& schema, const Json* root) {
    return Preparer(schema, root != nullptr ? *root : schema).run();
}

}  // namespace carrick::schema

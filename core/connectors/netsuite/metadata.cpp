// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/metadata.hpp"

#include "core/connectors/http/url.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <algorithm>
#include <cctype>
#include <deque>

namespace carrick::connectors::netsuite {
namespace {

constexpr Milliseconds kKept = std::chrono::hours(1);
// A sales order has about thirty parts; a catalog that asks for more is not one.
constexpr std::size_t kMostParts = 200;
constexpr std::string_view kCatalog = "metadata-catalog/";

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// ".../metadata-catalog/salesOrder-itemCollection" -> "salesOrder-itemCollection", else "".
std::string part_in(std::string_view reference) {
    const std::size_t at = reference.find(kCatalog);
    if (at == std::string_view::npos) return {};
    std::string_view name = reference.substr(at + kCatalog.size());
    name = name.substr(0, name.find_first_of("?#/"));
    const bool clean = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-' || c == '.';
    });
    return clean ? std::string(name) : std::string();
}

/// A part of the record itself (sublist, line, subrecord), not another record.
bool belongs_to(std::string_view record_type, std::string_view part) {
    return part.size() > record_type.size() + 1 && part[record_type.size()] == '-' &&
           lower(part.substr(0, record_type.size())) == lower(record_type);
}

/// Points references to our own parts into `definitions`, opens the others, and collects the parts.
void localise(Json& node, std::string_view record_type, std::deque<std::string>& parts) {
    if (Json::Array* items = node.items_if())
        for (Json& item : *items) localise(item, record_type, parts);
    Json::Object* members = node.members_if();
    if (members == nullptr) return;
    if (Json* reference = node.find("$ref"); reference != nullptr && reference->is_string()) {
        const std::string part = part_in(reference->text());
        if (belongs_to(record_type, part)) {
            parts.push_back(part);
            node = Json::object({{"$ref", Json("#/definitions/" + part)}});
        } else if (!reference->text().starts_with('#')) {
            node = Json::object();
        }
        return;
    }
    for (JsonMember& member : *members) localise(member.value, record_type, parts);
}

// JSON Hyper-Schema's `links` stands beside `type` and `properties`, where a record may also have
// a *property* named links: only an array is the keyword.
void strip_hyper_schema(Json& schema) {
    schema.erase("$schema");
    if (schema["links"].is_array()) schema.erase("links");
}

}  // namespace

Result<Json> Metadata::schema(std::string_view record_type, const CallContext& context) {
    if (!is_record_type(record_type))
        return misconfigured(
            "netsuite.unknown_record_type",
            "\"" + std::string(record_type.substr(0, 60)) + "\" is no record type");
    const UtcTime now = session_.clock().now();
    {
        const std::lock_guard lock(mutex_);
        const auto found = kept_.find(record_type);
        if (found != kept_.end() && now < found->second.until) return found->second.schema;
    }
    Result<Json> fetched = fetch(record_type, context);
    if (!fetched) {
        Error error = fetched.error();
        if (error.code == "netsuite.nonexistent_id" || error.code == "netsuite.invalid_request") {
            error.error_class = ErrorClass::Misconfigured;
            error.code = "netsuite.unknown_record_type";
            error.message =
                "record type \"" + std::string(record_type) +
                "\" is not in this account's metadata-catalog (feature off, or the role "
                "may not see it): " +
                error.message;
        }
        return error;
    }
    Result<Json> whole = self_contained(record_type, std::move(fetched).value(), context);
    if (!whole) return whole;
    const std::lock_guard lock(mutex_);
    kept_[std::string(record_type)] = {*whole, now + kKept};
    return whole;
}

Result<Json> Metadata::fetch(std::string_view name, const CallContext& context) {
    ApiRequest request;
    request.path = "/record/v1/metadata-catalog/" + http::percent_encode(name);
    request.headers = {{"Accept", "application/schema+json"}};
    ApiOutcome outcome = session_.send(request, context);
    if (!outcome.ok()) return outcome.error;
    Result<Json> schema = Json::parse(outcome.response.body);
    if (!schema || !schema->is_object())
        return transient("netsuite.answer_lost", "the metadata-catalog's answer for " +
                                                     std::string(name) + " is no JSON Schema");
    return schema;
}

Result<Json> Metadata::self_contained(std::string_view record_type, Json schema,
                                      const CallContext& context) {
    std::deque<std::string> open;
    strip_hyper_schema(schema);
    localise(schema, record_type, open);
    Json definitions = schema["definitions"].is_object() ? schema["definitions"] : Json::object();
    std::size_t fetched = 0;
    while (!open.empty()) {
        const std::string part = std::move(open.front());
        open.pop_front();
        if (definitions.contains(part)) continue;
        if (++fetched > kMostParts)
            return transient("netsuite.metadata",
                             "the metadata of " + std::string(record_type) + " does not end");
        Result<Json> body = fetch(part, context);
        // A part that the role may not see cannot be checked; its values are NetSuite's to judge.
        if (!body && body.error().error_class != ErrorClass::Rejected &&
            body.error().error_class != ErrorClass::Misconfigured)
            return body.error();
        Json definition = body ? std::move(body).value() : Json::object();
        strip_hyper_schema(definition);
        localise(definition, record_type, open);
        definitions.set(part, std::move(definition));
    }
    if (!definitions.empty()) schema.set("definitions", std::move(definitions));
    return schema;
}

Result<bool> Metadata::has_field(std::string_view record_type, std::string_view field,
                                 const CallContext& context) {
    Result<Json> described = schema(record_type, context);
    if (!described) return described.error();
    const std::string wanted = lower(field);
    const Json::Object& properties = (*described)["properties"].members();
    return std::any_of(properties.begin(), properties.end(),
                       [&](const JsonMember& member) { return lower(member.key) == wanted; });
}

Result<std::string> Metadata::tax_engine(const CallContext& context) {
    struct Sign {
        std::string_view field;
        std::string_view engine;
    };
    // In this order: the schema of a SuiteTax account may still list the fields of legacy tax,
    // never the other way round.
    static constexpr Sign kSigns[] = {
        {"taxDetailsOverride", "suitetax"}, {"taxItem", "legacy"}, {"isTaxable", "legacy"}};
    for (const Sign& sign : kSigns) {
        const Result<bool> present = has_field("salesOrder", sign.field, context);
        if (!present) return present.error();
        if (*present) return std::string(sign.engine);
    }
    return std::string("unknown");
}

Result<Json> Metadata::features(const CallContext& context) {
    struct Sign {
        std::string_view feature;
        std::string_view record_type;
        std::string_view field;
    };
    static constexpr Sign kSigns[] = {
        {"suitetax", "salesOrder", "taxDetailsOverride"},
        {"oneworld", "salesOrder", "subsidiary"},
        {"multi_currency", "salesOrder", "currency"},
        {"multi_location", "salesOrder", "location"},
        {"classes", "salesOrder", "class"},
        {"departments", "salesOrder", "department"},
        {"pick_pack_ship", "itemFulfillment", "shipStatus"},
    };
    Json out = Json::object();
    for (const Sign& sign : kSigns) {
        Result<bool> present = has_field(sign.record_type, sign.field, context);
        if (!present) {
            // A role without fulfilments is an ordinary role: nothing to say about them.
            if (sign.record_type != "salesOrder" &&
                present.error().error_class == ErrorClass::Misconfigured)
                continue;
            return present.error();
        }
        out.set(sign.feature, Json(*present));
    }
    const Result<std::string> engine = tax_engine(context);
    if (!engine) return engine.error();
    out.set("legacy_tax", Json(*engine == "legacy"));
    out.set("tax_engine", Json(*engine));
    return out;
}

}  // namespace carrick::connectors::netsuite

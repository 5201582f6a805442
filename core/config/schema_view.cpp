// SPDX-License-Identifier: Apache-2.0
// Walking settings schemas beside the settings themselves.
#include "core/config/schema_view.hpp"

#include <algorithm>

namespace carrick::config {

namespace {

const Json& anything() {
    static const Json kAnything = Json::object();
    return kAnything;
}

/// "#/definitions/Accounts" in `root`; null where it leads nowhere.
const Json* follow(const Json& root, std::string_view reference) {
    if (!reference.starts_with("#/")) return nullptr;
    reference.remove_prefix(2);
    const Json* at = &root;
    while (at != nullptr) {
        const std::size_t slash = reference.find('/');
        at = at->find(reference.substr(0, slash));
        if (slash == std::string_view::npos) return at;
        reference.remove_prefix(slash + 1);
    }
    return nullptr;
}

bool names_type(const Json& schema, std::string_view type) {
    const Json& types = schema["type"];
    if (types.is_string()) return types.text() == type;
    return std::any_of(types.items().begin(), types.items().end(),
                       [&](const Json& item) { return item.text() == type; });
}

}  // namespace

void SchemaView::add(const Json& schema) {
    for (const char* key :
         {"properties", "additionalProperties", "$ref", "allOf", "anyOf", "oneOf"})
        if (schema.contains(key)) return expand(schema, schema, 0);
}

void SchemaView::expand(const Json& schema, const Json& root, int depth) {
    // A settings schema nests a few levels; a ring of references must end here.
    constexpr int kDeepest = 16;
    if (depth > kDeepest || schema.bool_if() == false) return;
    if (const Json* reference = schema.find("$ref")) {
        if (const Json* target = follow(root, reference->text())) expand(*target, root, depth + 1);
        return;
    }
    spots_.push_back({&schema, &root});
    for (const char* list : {"allOf", "anyOf", "oneOf"})
        for (const Json& part : schema[list].items()) expand(part, root, depth + 1);
    for (const char* part : {"then", "else"})
        if (const Json* branch = schema.find(part)) expand(*branch, root, depth + 1);
}

SchemaView SchemaView::child(std::string_view key) const {
    SchemaView view;
    for (const Spot& spot : spots_) {
        const Json& schema = *spot.schema;
        if (const Json* property = schema["properties"].find(key)) {
            view.expand(*property, *spot.root, 0);
            continue;
        }
        if (const Json* rest = schema.find("additionalProperties")) {
            view.expand(*rest, *spot.root, 0);
            continue;
        }
        const bool is_combination = schema.contains("allOf") || schema.contains("anyOf") ||
                                    schema.contains("oneOf") || schema.contains("then") ||
                                    schema.contains("required");
        const bool is_object = !schema.contains("type") || names_type(schema, "object");
        if (!schema.contains("properties") && is_object && !is_combination)
            view.expand(anything(), anything(), 0);
    }
    return view;
}

SchemaView SchemaView::item() const {
    SchemaView view;
    for (const Spot& spot : spots_) {
        const Json* items = spot.schema->find("items");
        if (items == nullptr)
            view.expand(anything(), anything(), 0);
        else if (items->is_object())
            view.expand(*items, *spot.root, 0);
        for (const Json& one : items != nullptr ? items->items() : Json::Array())
            view.expand(one, *spot.root, 0);
    }
    return view;
}

std::vector<std::string> SchemaView::names() const {
    std::vector<std::string> names;
    for (const Spot& spot : spots_)
        for (const JsonMember& property : (*spot.schema)["properties"].members())
            names.push_back(property.key);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

bool SchemaView::allows(std::string_view type) const {
    bool says_nothing = true;
    for (const Spot& spot : spots_) {
        const Json& schema = *spot.schema;
        if (schema.contains("type")) says_nothing = false;
        if (names_type(schema, type)) return true;
        // `enum` and `const` say the types of their values.
        for (const Json& value : schema["enum"].items()) {
            says_nothing = false;
            if (value.type_name() == type) return true;
        }
        if (const Json* value = schema.find("const")) {
            says_nothing = false;
            if (value->type_name() == type) return true;
        }
    }
    return says_nothing;
}

Json SchemaView::shape(const Json& raw) const {
    if (raw.is_object()) {
        Json shaped = Json::object();
        for (const JsonMember& member : raw.members())
            if (const SchemaView view = child(member.key); view.known())
                shaped.members_if()->push_back({member.key, view.shape(member.value)});
        return shaped;
    }
    if (raw.is_array()) {
        Json shaped = Json::array();
        const SchemaView view = item();
        for (const Json& one : raw.items()) shaped.push_back(view.shape(one));
        return shaped;
    }
    if (const std::string* token = raw.number_if())
        return allows("number") || allows("integer") || !allows("string") ? raw : Json(*token);
    if (const std::optional<bool> truth = raw.bool_if())
        return allows("boolean") || !allows("string") ? raw : Json(*truth ? "true" : "false");
    return raw;
}

Json SchemaView::defaults() const {
    Json result = Json::object();
    for (const std::string& name : names()) {
        const SchemaView view = child(name);
        const auto with_default =
            std::find_if(view.spots_.begin(), view.spots_.end(),
                         [](const Spot& spot) { return spot.schema->contains("default"); });
        if (with_default != view.spots_.end()) {
            result.set(name, (*with_default->schema)["default"]);
            continue;
        }
        Json inner = view.defaults();
        const bool complete =
            std::all_of(view.spots_.begin(), view.spots_.end(), [&](const Spot& spot) {
                const Json::Array& required = (*spot.schema)["required"].items();
                return std::all_of(required.begin(), required.end(),
                                   [&](const Json& key) { return inner.contains(key.text()); });
            });
        if (!inner.empty() && complete) result.set(name, std::move(inner));
    }
    return result;
}

}  // namespace carrick::config

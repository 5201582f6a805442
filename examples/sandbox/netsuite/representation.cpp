// SPDX-License-Identifier: Apache-2.0
// Builds the JSON of a record as GET answers it.
#include "examples/sandbox/netsuite/representation.hpp"

#include "examples/sandbox/netsuite/address.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

bool hidden(const Field& field, const ReadOptions& options) {
    return options.legacy_tax && field.name.starts_with("taxDetails");
}

bool picked(const Field& field, const ReadOptions& options) {
    if (options.fields.empty() || options.expand_sub_resources) return true;
    return std::any_of(options.fields.begin(), options.fields.end(),
                       [&](const std::string& name) { return same_name(name, field.name); });
}

}  // namespace

std::string Representation::href(const Record& record) const {
    return root_ + "/" + record.type->name + "/" + std::to_string(record.id);
}

Json Representation::links(const std::string& href) {
    return Json::array({Json::object({{"rel", "self"}, {"href", href}})});
}

std::string Representation::line_key(const Sublist& list, const Json& line, std::size_t index) {
    if (list.existing_key.size() == 1 && line[list.existing_key.front()].is_number())
        return *line[list.existing_key.front()].number_if();
    return std::to_string(index + 1);
}

Json Representation::record(const Record& record, const ReadOptions& options) const {
    const std::string self = href(record);
    Json result = Json::object(
        {{"links",
          links(options.expand_sub_resources ? self + "?expandSubResources=true" : self)}});
    for (const Field& field : record.type->fields) {
        if (hidden(field, options) || !picked(field, options)) continue;
        if (field.name == "id") {
            result.set("id", std::to_string(record.id));
        } else if (field.name == "lastModifiedDate") {
            result.set("lastModifiedDate", record.modified.text());
        } else if (field.name == "refName") {
            result.set("refName", record.display_name());
        } else if (field.kind == FieldKind::Sublist) {
            if (const Sublist* list = record.type->sublist(field.name);
                list != nullptr && record.body.contains(field.name))
                result.set(field.name,
                           sublist(record, *list, options.expand_sub_resources, options));
        } else if (const Json& stored = record.body[field.name]; !stored.is_null()) {
            result.set(field.name, value(stored, field, self, options));
        }
    }
    return result;
}

Json Representation::sublist(const Record& record, const Sublist& list, bool expand,
                             const ReadOptions& options) const {
    const std::string self = href(record) + "/" + list.name;
    Json result = Json::object({{"links", links(self)}});
    if (!expand) return result;
    Json items = Json::array();
    for (const Json& stored : record.body[list.name]["items"].items())
        items.push_back(line(record, list, stored, options));
    const auto count = static_cast<std::int64_t>(items.size());
    result.set("items", std::move(items));
    result.set("count", count);
    result.set("hasMore", false);
    result.set("offset", 0);
    result.set("totalResults", count);
    return result;
}

Json Representation::line(const Record& record, const Sublist& list, const Json& stored,
                          const ReadOptions& options) const {
    const std::vector<Json>& lines = record.body[list.name]["items"].items();
    const auto at = std::find(lines.begin(), lines.end(), stored);
    const std::string self =
        href(record) + "/" + list.name + "/" +
        line_key(list, stored, static_cast<std::size_t>(std::distance(lines.begin(), at)));
    Json result = Json::object({{"links", links(self)}});
    for (const Field& field : list.fields) {
        if (hidden(field, options)) continue;
        const Json& value_stored = stored[field.name];
        if (!value_stored.is_null())
            result.set(field.name, value(value_stored, field, self, options));
    }
    return result;
}

Json Representation::address(const Json& stored, const std::string& href,
                             const ReadOptions& options) const {
    Json result = Json::object({{"links", links(href)}});
    for (const Field& field : address_fields()) {
        if (field.name == "addrText") {
            result.set("addrText", address_text(stored));
        } else if (field.name == "country" && !stored["country"].is_null()) {
            const std::string& id = stored["country"]["id"].text();
            result.set("country", options.simple_enums
                                      ? Json(id)
                                      : Json::object({{"id", id}, {"refName", country_name(id)}}));
        } else if (!stored[field.name].is_null()) {
            result.set(field.name, stored[field.name]);
        }
    }
    return result;
}

Json Representation::reference(const std::string& id, const std::string& target) const {
    if (target == "priceLevel" && id == "-1")
        return Json::object({{"id", "-1"}, {"refName", "Custom"}});
    const std::string_view family = Schema::family_of(target, store_.schema());
    const Record* record = store_.find(family, id);
    if (record == nullptr) return Json::object({{"id", id}});
    Json result = Json::object(
        {{"links", links(href(*record))}, {"id", id}, {"refName", record->display_name()}});
    if (!record->external_id().empty()) result.set("externalId", record->external_id());
    return result;
}

Json Representation::value(const Json& stored, const Field& field, const std::string& href,
                           const ReadOptions& options) const {
    switch (field.kind) {
        case FieldKind::Reference: return reference(stored["id"].text(), field.target);
        case FieldKind::Enumeration: {
            const std::string& id = stored["id"].text();
            if (options.simple_enums) return id;
            return Json::object({{"id", id}, {"refName", field.label_of(id)}});
        }
        case FieldKind::References: {
            Json items = Json::array();
            for (const Json& item : stored["items"].items())
                items.push_back(reference(item["id"].text(), field.target));
            Json result = Json::object({{"links", links(href + "/" + field.name)}});
            if (options.expand_sub_resources) result.set("items", std::move(items));
            return result;
        }
        case FieldKind::Address: {
            const std::string self = href + "/" + field.name;
            if (!options.expand_sub_resources) return Json::object({{"links", links(self)}});
            return address(stored, self, options);
        }
        default: return stored;
    }
}

}  // namespace carrick::sandbox::netsuite

// SPDX-License-Identifier: Apache-2.0
// Writes schemas as NetSuite's catalogue does: nullable, readOnly, x-ns-custom-field,
// x-ns-sublistkey; never which fields are required.
#include "examples/sandbox/netsuite/metadata.hpp"

#include <algorithm>

namespace carrick::sandbox::netsuite {

namespace {

std::vector<std::string> words(std::string_view text) {
    std::vector<std::string> result;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (end > begin) result.emplace_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return result;
}

class Writer {
public:
    Writer(const CatalogView& view, bool openapi, std::string root)
        : view_(view), openapi_(openapi), root_(std::move(root)) {}

    [[nodiscard]] Json record(const RecordType& type) const {
        Json filterable = Json::array();
        for (const Field& field : type.fields)
            if (!hidden(field) && field.kind != FieldKind::Sublist &&
                field.kind != FieldKind::Address)
                filterable.push_back(field.name);
        Json properties = Json::object();
        properties.set("links", links());
        for (const Field& field : type.fields)
            if (!hidden(field)) properties.set(field.name, property(field, type));
        Json result = Json::object({{"type", "object"},
                                    {"properties", std::move(properties)},
                                    {"x-ns-filterable", std::move(filterable)}});
        return dated(std::move(result));
    }

    /// A part of a record: "itemCollection", "itemElement" or the name of an address. Null for
    /// anything else.
    [[nodiscard]] Json part(const RecordType& type, std::string_view name) const {
        for (const Field& field : type.fields) {
            if (hidden(field)) continue;
            if (field.kind == FieldKind::Address && field.name == name) return dated(address());
            if (field.kind != FieldKind::Sublist) continue;
            const Sublist& list = *type.sublist(field.name);
            if (name == list.name + "Collection") return dated(sublist(list, type));
            if (name == list.name + "Element") return dated(row(list, type));
        }
        return {};
    }

private:
    [[nodiscard]] Json dated(Json schema) const {
        if (!openapi_) schema.set("$schema", "http://json-schema.org/draft-06/hyper-schema#");
        return schema;
    }
    [[nodiscard]] bool refers() const { return view_.separate_parts && !openapi_; }
    [[nodiscard]] Json reference_to(const RecordType& type, const std::string& part_name) const {
        return Json::object({{"$ref", root_ + "/" + type.name + "-" + part_name}});
    }

    [[nodiscard]] bool hidden(const Field& field) const {
        return (view_.legacy_tax && field.name.starts_with("taxDetails")) ||
               (!view_.amazon_fields && is_amazon_field(field.name));
    }

    static Json links() {
        return Json::object(
            {{"title", "Links"},
             {"type", "array"},
             {"readOnly", true},
             {"items",
              Json::object({{"type", "object"},
                            {"properties",
                             Json::object({{"rel", Json::object({{"type", "string"}})},
                                           {"href", Json::object({{"type", "string"}})}})}})}});
    }

    static Json text_property(const char* name) {
        return Json::object({{"title", name}, {"type", "string"}});
    }

    /// A reference or enumeration: {"id", "refName"} and, for references, an external id.
    static Json id_object(const std::vector<std::string>& ids, bool reference) {
        Json id = text_property("Internal identifier");
        if (!ids.empty()) {
            Json values = Json::array();
            for (const std::string& value : ids) values.push_back(value);
            id.set("enum", std::move(values));
        }
        Json properties =
            Json::object({{"id", std::move(id)}, {"refName", text_property("Reference Name")}});
        if (reference) {
            properties.set("externalId", text_property("External identifier"));
            properties.set("links", links());
        }
        return Json::object({{"type", "object"}, {"properties", std::move(properties)}});
    }

    static Json collection(Json row) {
        return Json::object(
            {{"type", "object"},
             {"properties",
              Json::object(
                  {{"links", links()},
                   {"items", Json::object({{"type", "array"}, {"items", std::move(row)}})},
                   {"count", Json::object({{"type", "integer"}, {"readOnly", true}})},
                   {"hasMore", Json::object({{"type", "boolean"}, {"readOnly", true}})},
                   {"offset", Json::object({{"type", "integer"}, {"readOnly", true}})},
                   {"totalResults", Json::object({{"type", "integer"}, {"readOnly", true}})}})}});
    }

    [[nodiscard]] Json property(const Field& field, const RecordType& type) const {
        Json result = shape(field, type);
        result.set("title", field.name);
        result.set("nullable", !field.read_only);
        if (field.read_only) result.set("readOnly", true);
        if (field.custom) result.set("x-ns-custom-field", true);
        return result;
    }

    [[nodiscard]] Json shape(const Field& field, const RecordType& type) const {
        switch (field.kind) {
            case FieldKind::Text:
                if (field.name == "country") return country();
                return Json::object({{"type", "string"}});
            case FieldKind::Date: return Json::object({{"type", "string"}, {"format", "date"}});
            case FieldKind::DateTime:
                return Json::object({{"type", "string"}, {"format", "date-time"}});
            case FieldKind::Number:
            case FieldKind::Percentage:
                return Json::object({{"type", "number"}, {"format", "double"}});
            case FieldKind::Integer:
                return Json::object({{"type", "integer"}, {"format", "int64"}});
            case FieldKind::Boolean: return Json::object({{"type", "boolean"}});
            case FieldKind::Reference: return id_object({}, true);
            case FieldKind::Enumeration: return id_object(field.values, false);
            case FieldKind::References: return collection(id_object({}, true));
            case FieldKind::Address:
                // A line's address has no schema of its own.
                return refers() && type.field(field.name) != nullptr
                           ? reference_to(type, field.name)
                           : address();
            case FieldKind::Sublist:
                return refers() ? reference_to(type, field.name + "Collection")
                                : sublist(*type.sublist(field.name), type);
        }
        return {};
    }

    /// A subsidiary's country is text; an address's an enumeration.
    static Json country() { return Json::object({{"type", "string"}}); }

    [[nodiscard]] Json address() const {
        Json properties = Json::object({{"links", links()}});
        static const RecordType kNone;
        for (const Field& field : address_fields())
            properties.set(field.name,
                           field.name == "country" ? id_object({}, false) : property(field, kNone));
        return Json::object({{"type", "object"}, {"properties", std::move(properties)}});
    }

    [[nodiscard]] Json sublist(const Sublist& list, const RecordType& type) const {
        return collection(refers() ? reference_to(type, list.name + "Element") : row(list, type));
    }

    [[nodiscard]] Json row(const Sublist& list, const RecordType& type) const {
        Json properties = Json::object({{"links", links()}});
        for (const Field& field : list.fields)
            if (!hidden(field)) properties.set(field.name, property(field, type));
        Json result = Json::object({{"type", "object"}, {"properties", std::move(properties)}});
        Json key = Json::object({{"present", !list.existing_key.empty()}});
        if (!list.existing_key.empty()) {
            Json existing = Json::array();
            for (const std::string& name : list.existing_key) existing.push_back(name);
            Json fresh = Json::array();
            for (const std::string& name : list.new_key) fresh.push_back(name);
            key.set("value",
                    Json::object({{"new", std::move(fresh)}, {"existing", std::move(existing)}}));
        }
        result.set("x-ns-sublistkey", std::move(key));
        return result;
    }

    const CatalogView& view_;
    bool openapi_;
    std::string root_;
};

Refusal no_such_record(const std::string& name) {
    Refusal refusal;
    refusal.status = 404;
    refusal.code = "INVALID_REQUEST";
    refusal.detail = "Record type '" + name + "' does not exist.";
    return refusal;
}

bool denied(const RecordType& type, const CatalogView& view) {
    const std::vector<std::string> names = words(view.denied);
    return std::any_of(names.begin(), names.end(),
                       [&](const std::string& name) { return same_name(name, type.name); });
}

Json type_list(const Schema& schema, const CatalogView& view, const std::string& root) {
    Json items = Json::array();
    for (const RecordType& type : schema.types()) {
        if (denied(type, view)) continue;
        const std::string href = root + "/" + type.name;
        const auto link = [&](const char* rel, const char* media) {
            return Json::object({{"rel", rel}, {"href", href}, {"mediaType", media}});
        };
        items.push_back(
            Json::object({{"name", type.name},
                          {"links", Json::array({link("canonical", "application/json"),
                                                 link("describes", "application/swagger+json"),
                                                 link("describes", "application/schema+json")})}}));
    }
    return Json::object({{"items", std::move(items)}, {"links", Json::array()}});
}

Json openapi_document(const std::vector<const RecordType*>& types, const Writer& writer) {
    Json schemas = Json::object();
    Json paths = Json::object();
    for (const RecordType* type : types) {
        schemas.set(type->name, writer.record(*type));
        const Json content = Json::object(
            {{"application/json",
              Json::object(
                  {{"schema", Json::object({{"$ref", "#/components/schemas/" + type->name}})}})}});
        const Json done = Json::object({{"204", Json::object({{"description", "Done."}})}});
        const auto write = [&](const char* what) {
            return Json::object({{"summary", std::string(what) + " " + type->title},
                                 {"requestBody", Json::object({{"content", content}})},
                                 {"responses", done}});
        };
        const auto read = [&](const char* what) {
            return Json::object(
                {{"summary", std::string(what) + " " + type->title},
                 {"responses", Json::object({{"200", Json::object({{"description", "OK"},
                                                                   {"content", content}})}})}});
        };
        Json many = Json::object({{"get", read("List")}});
        Json one = Json::object({{"get", read("Get")}});
        if (type->writable) {
            many.set("post", write("Insert"));
            one.set("patch", write("Update"));
            one.set("put", write("Insert or update"));
            one.set("delete",
                    Json::object({{"summary", "Delete " + type->title}, {"responses", done}}));
        }
        paths.set("/" + type->name, std::move(many));
        paths.set("/" + type->name + "/{id}", std::move(one));
    }
    return Json::object(
        {{"openapi", "3.0.1"},
         {"info", Json::object({{"title", "NetSuite REST Record API"}, {"version", "v1"}})},
         {"paths", std::move(paths)},
         {"components", Json::object({{"schemas", std::move(schemas)}})}});
}

}  // namespace

Response answer_metadata(const Request& request, const std::vector<std::string>& path,
                         const Schema& schema, const CatalogView& view) {
    const std::string accept = lower(request.header("Accept"));
    const bool openapi = accept.find("swagger+json") != std::string::npos;
    const bool json_schema = accept.find("schema+json") != std::string::npos;
    const std::string root = request.base_url + "/services/rest/record/v1/metadata-catalog";
    const Writer writer(view, openapi, root);

    if (path.size() == 1)
        if (const std::size_t dash = path.front().find('-'); dash != std::string::npos) {
            const RecordType* type = schema.find(path.front().substr(0, dash));
            if (type == nullptr || denied(*type, view)) throw no_such_record(path.front());
            Json part = writer.part(*type, std::string_view(path.front()).substr(dash + 1));
            if (part.is_null()) throw no_such_record(path.front());
            return Response::json(200, part, "application/schema+json; charset=UTF-8");
        }

    std::vector<std::string> names = words(request.parameter("select").value_or(""));
    if (!path.empty()) names = {path.front()};
    std::vector<const RecordType*> types;
    for (const std::string& name : names) {
        const RecordType* type = schema.find(name);
        if (type == nullptr || denied(*type, view)) throw no_such_record(name);
        types.push_back(type);
    }
    if (openapi) {
        if (types.empty())
            for (const RecordType& type : schema.types())
                if (!denied(type, view)) types.push_back(&type);
        return Response::json(200, openapi_document(types, writer),
                              "application/swagger+json; charset=UTF-8");
    }
    if (json_schema && types.size() == 1)
        return Response::json(200, writer.record(*types.front()),
                              "application/schema+json; charset=UTF-8");
    if (json_schema && !types.empty()) {
        Json definitions = Json::object();
        for (const RecordType* type : types) definitions.set(type->name, writer.record(*type));
        return Response::json(200, Json::object({{"definitions", std::move(definitions)}}),
                              "application/schema+json; charset=UTF-8");
    }
    if (types.size() == 1 && !path.empty())
        return Response::json(200, writer.record(*types.front()),
                              "application/schema+json; charset=UTF-8");
    return Response::json(200, type_list(schema, view, root));
}

}  // namespace carrick::sandbox::netsuite

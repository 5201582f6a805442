// SPDX-License-Identifier: Apache-2.0
// Checks and flattens the JSON Schema of a plugin's settings.
#include "core/plugin_host/settings_schema.hpp"

#include "core/schema/schema.hpp"

namespace carrick::plugin_host {
namespace {

class Flattener {
public:
    Flattener(const Json& root, Problems& problems) : root_(root), problems_(problems) {}

    void object(const Json& schema, const std::string& path) {
        for (const JsonMember& property : schema["properties"].members())
            setting(property.value, path.empty() ? property.key : path + "." + property.key);
    }

    std::vector<SettingDeclaration> settings;

private:
    void setting(const Json& schema, const std::string& path) {
        if (schema["properties"].is_object()) return object(schema, path);
        SettingDeclaration declared;
        declared.path = path;
        declared.type = type_of(schema);
        declared.help = schema["description"].text();
        declared.reference = schema["reference"].text();
        // A map whose values are references: each of them is one.
        if (const Json& values = schema["additionalProperties"]; values.is_object()) {
            declared.reference = values["reference"].text();
            declared.reference_map = !declared.reference.empty();
        }
        declared.secret = schema["secret"].bool_if().value_or(false);
        declared.default_value = schema["default"];
        check(schema, declared);
        settings.push_back(std::move(declared));
        // A list of rules: what one of them says is a setting too, for each rule its own.
        for (const JsonMember& property : schema["items"]["properties"].members())
            setting(property.value, path + "[]." + property.key);
    }

    static std::string type_of(const Json& schema) {
        const Json& type = schema["type"];
        std::string all = type.text();
        for (const Json& one : type.items()) all += (all.empty() ? "" : "|") + one.text();
        return all;
    }

    void check(const Json& schema, const SettingDeclaration& declared) {
        const std::string place = "settings." + declared.path;
        if (schema.contains("secret") && !schema["secret"].is_bool())
            problems_.add(place, "\"secret\" is true or false");
        if (schema.contains("reference") && declared.reference.empty())
            problems_.add(place, "\"reference\" names a kind, such as \"netsuite.location\"");
        if (declared.secret && !declared.default_value.is_null())
            problems_.add(place, "a secret has no default: a manifest is no place for one");
        if (declared.default_value.is_null()) return;
        Json plain = schema;
        plain.erase("secret");
        const Result<schema::Schema> compiled = schema::Schema::compile(plain, &root_);
        if (!compiled) return;  // reported once, for the whole schema
        for (const schema::Violation& violation : compiled->validate(declared.default_value))
            problems_.add(place, "its own schema refuses the default: " + violation.message);
    }

    const Json& root_;
    Problems& problems_;
};

void strip_secret(Json& json) {
    if (Json* properties = json.find("properties"))
        if (Json::Object* members = properties->members_if())
            for (JsonMember& property : *members) {
                property.value.erase("secret");
                strip_secret(property.value);
            }
}

}  // namespace

SettingsSchema read_settings_schema(const Json& schema, Problems& problems) {
    SettingsSchema read{schema, {}};
    if (schema.empty()) return read;
    strip_secret(read.schema);
    if (schema["type"].text() != "object")
        problems.add("settings", "its \"type\" must be \"object\"");
    if (const Result<schema::Schema> compiled = schema::Schema::compile(read.schema); !compiled)
        problems.add("settings", compiled.error().message);
    Flattener flattener(schema, problems);
    flattener.object(schema, "");
    read.settings = std::move(flattener.settings);
    return read;
}

}  // namespace carrick::plugin_host

// SPDX-License-Identifier: Apache-2.0
#include "tests/contracts/swagger.hpp"

#include "core/connectors/http/url.hpp"

#include <fstream>
#include <optional>
#include <sstream>

namespace carrick::testing {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (;;) {
        const std::size_t end = std::min(text.find(separator), text.size());
        parts.emplace_back(text.substr(0, end));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_variable(const std::string& segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

/// The variables' values where the path fits the pattern.
std::optional<std::map<std::string, std::string>> match(const std::string& pattern,
                                                        std::string_view path) {
    const std::vector<std::string> wanted = split(pattern, '/');
    const std::vector<std::string> given = split(path, '/');
    if (wanted.size() != given.size()) return std::nullopt;
    std::map<std::string, std::string> values;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (is_variable(wanted[i]) && !given[i].empty())
            values[wanted[i].substr(1, wanted[i].size() - 2)] = http::percent_decode(given[i]);
        else if (wanted[i] != given[i])
            return std::nullopt;
    }
    return values;
}

std::string path_and_query(std::string_view url) {
    const std::size_t scheme = url.find("://");
    if (scheme == std::string_view::npos) return std::string(url);
    const std::size_t path = url.find('/', scheme + 3);
    return path == std::string_view::npos ? "/" : std::string(url.substr(path));
}

/// A parameter without what is about its place in the request: its schema.
Json schema_of(const Json& parameter) {
    Json schema = Json::object();
    for (const JsonMember& member : parameter.members())
        if (member.key != "name" && member.key != "in" && member.key != "required" &&
            member.key != "collectionFormat" && member.key != "allowEmptyValue")
            schema.set(member.key, member.value);
    return schema;
}

/// Text as the value that the model's type makes of it; the text itself where it is not one.
Json typed(const Json& schema, const std::string& text) {
    const std::string& type = schema["type"].text();
    if (type == "integer" || type == "number") {
        Result<Json> number = Json::parse(text);
        return number && number->is_number() ? *number : Json(text);
    }
    if (type == "boolean" && (text == "true" || text == "false")) return Json(text == "true");
    if (type != "array") return Json(text);
    Json list = Json::array();
    for (const std::string& part : split(text, ',')) list.push_back(typed(schema["items"], part));
    return list;
}

}  // namespace

Result<SwaggerModel> SwaggerModel::load(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    Result<Json> document = Json::parse(text.str());
    if (!document || (*document)["swagger"].text() != "2.0")
        return misconfigured("swagger.file", file + " is no Swagger 2 document");
    return SwaggerModel(std::move(*document));
}

bool SwaggerModel::has_path(std::string_view path) const {
    for (const JsonMember& one : document_["paths"].members())
        if (match(one.key, path)) return true;
    return false;
}

SwaggerModel::Operation SwaggerModel::find(std::string_view method, std::string_view path,
                                           std::vector<std::string>& problems) const {
    std::string verb(method);
    for (char& c : verb) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    bool known_path = false;
    Operation found;
    for (const JsonMember& one : document_["paths"].members()) {
        std::optional<std::map<std::string, std::string>> values = match(one.key, path);
        if (!values) continue;
        known_path = true;
        const Json* description = one.value.find(verb);
        // A path without variables goes before one with them.
        if (description == nullptr ||
            (found.description != nullptr && values->size() >= found.path_values.size()))
            continue;
        found = {description, one.value.find("parameters"), std::move(*values)};
    }
    if (found.description == nullptr)
        problems.push_back(
            std::string(method) + " " + http::path_template(path) + ": " +
            (known_path ? "the model has the path, not the method" : "the model has no such path"));
    return found;
}

void SwaggerModel::check_json(const Json& schema, const Json& value, const std::string& what,
                              std::vector<std::string>& problems) const {
    const std::string key = schema.dump();
    const std::lock_guard lock(mutex_);
    auto found = compiled_.find(key);
    if (found == compiled_.end()) {
        Result<schema::Schema> compiled = schema::Schema::compile(schema, &document_);
        if (!compiled) {
            problems.push_back(what + ": " + compiled.error().message);
            return;
        }
        found = compiled_.emplace(key, std::move(*compiled)).first;
    }
    for (const schema::Violation& violation : found->second.validate(value))
        problems.push_back(what + (violation.path.empty() ? "" : " " + violation.path) + ": " +
                           violation.message);
}

void SwaggerModel::check_body(const Json& schema, std::string_view body, const std::string& what,
                              std::vector<std::string>& problems) const {
    const Result<Json> value = Json::parse(body);
    if (!value)
        problems.push_back(what + ": " + value.error().message);
    else
        check_json(schema, *value, what, problems);
}

void SwaggerModel::check_value(const Json& parameter, const std::string& text,
                               std::vector<std::string>& problems) const {
    const std::string& format = parameter["collectionFormat"].text();
    if (parameter["type"].text() == "array" && !format.empty() && format != "csv")
        problems.push_back("parameter " + parameter["name"].text() + ": " + format +
                           " lists are not checked here");
    const Json schema = schema_of(parameter);
    check_json(schema, typed(schema, text), "parameter " + parameter["name"].text(), problems);
}

std::vector<std::string> SwaggerModel::check_request(std::string_view method, std::string_view url,
                                                     std::string_view body) const {
    std::vector<std::string> problems;
    const std::string target = path_and_query(url);
    const std::size_t question = std::min(target.find('?'), target.size());
    const Operation operation = find(method, target.substr(0, question), problems);
    if (operation.description == nullptr) return problems;

    std::map<std::string, std::string> query;
    if (question < target.size())
        for (const std::string& pair : split(std::string_view(target).substr(question + 1), '&')) {
            const std::size_t equals = std::min(pair.find('='), pair.size());
            const std::string name = http::percent_decode(pair.substr(0, equals));
            const std::string value =
                equals < pair.size() ? http::percent_decode(pair.substr(equals + 1)) : "";
            if (!query.emplace(name, value).second)
                problems.push_back("parameter " + name + ": given twice");
        }

    bool body_is_known = false;
    for (const Json* parameters : {operation.shared, operation.description->find("parameters")}) {
        if (parameters == nullptr) continue;
        for (const Json& parameter : parameters->items()) {
            const std::string& name = parameter["name"].text();
            const std::string& place = parameter["in"].text();
            const bool required = parameter["required"].bool_if().value_or(false);
            if (place == "query") {
                const auto given = query.find(name);
                if (given != query.end()) {
                    check_value(parameter, given->second, problems);
                    query.erase(given);
                } else if (required) {
                    problems.push_back("parameter " + name + ": is required");
                }
            } else if (place == "path") {
                const auto given = operation.path_values.find(name);
                if (given != operation.path_values.end())
                    check_value(parameter, given->second, problems);
            } else if (place == "body") {
                body_is_known = true;
                if (!body.empty())
                    check_body(parameter["schema"], body, "body", problems);
                else if (required)
                    problems.emplace_back("body: is required");
            }
        }
    }
    for (const auto& [name, value] : query)
        problems.push_back("parameter " + name + ": is not in the model");
    if (!body.empty() && !body_is_known) problems.emplace_back("body: the model has none");
    return problems;
}

std::vector<std::string> SwaggerModel::check_response(std::string_view method, std::string_view url,
                                                      int status, std::string_view body) const {
    std::vector<std::string> problems;
    const std::string target = path_and_query(url);
    const Operation operation = find(method, target.substr(0, target.find('?')), problems);
    if (operation.description == nullptr) return problems;
    const Json& responses = (*operation.description)["responses"];
    const std::string code = std::to_string(status);
    const Json* response = responses.find(code);
    if (response == nullptr) response = responses.find("default");
    if (response == nullptr) {
        problems.push_back("status " + code + ": is not in the model");
        return problems;
    }
    const Json* schema = response->find("schema");
    if (schema != nullptr)
        check_body(*schema, body, "response " + code, problems);
    else if (!body.empty())
        problems.push_back("response " + code + ": the model has no body for it");
    return problems;
}

}  // namespace carrick::testing

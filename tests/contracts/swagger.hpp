// SPDX-License-Identifier: Apache-2.0
// Amazon's own Swagger 2 models as a judge of requests and responses: the connector's and the
// sandbox's contract tests share it.
#pragma once

#include "core/schema/schema.hpp"

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::testing {

/// One model file. Thread-safe.
class SwaggerModel {
public:
    explicit SwaggerModel(Json document) : document_(std::move(document)) {}
    /// Errors: `swagger.file` for a file that cannot be read or is no Swagger 2 document.
    [[nodiscard]] static Result<SwaggerModel> load(const std::string& file);
    SwaggerModel(SwaggerModel&& other) noexcept : document_(std::move(other.document_)) {}

    [[nodiscard]] const Json& document() const { return document_; }
    [[nodiscard]] bool has_path(std::string_view path) const;

    /// Every way in which a request is not what the model allows; empty = it is. Judges path,
    /// method, names of query parameters, required ones, types, enumerations, comma-separated
    /// lists, and the body. `url` may be absolute or a path with query.
    [[nodiscard]] std::vector<std::string> check_request(std::string_view method,
                                                         std::string_view url,
                                                         std::string_view body) const;

    /// The same for a response. A status that the model does not list is a violation, and so is a
    /// body where it has none.
    [[nodiscard]] std::vector<std::string> check_response(std::string_view method,
                                                          std::string_view url, int status,
                                                          std::string_view body) const;

private:
    struct Operation {
        const Json* description = nullptr;  ///< of path and method
        const Json* shared = nullptr;       ///< parameters of the path
        std::map<std::string, std::string> path_values;
    };
    [[nodiscard]] Operation find(std::string_view method, std::string_view path,
                                 std::vector<std::string>& problems) const;
    void check_value(const Json& parameter, const std::string& text,
                     std::vector<std::string>& problems) const;
    void check_body(const Json& schema, std::string_view body, const std::string& what,
                    std::vector<std::string>& problems) const;
    void check_json(const Json& schema, const Json& value, const std::string& what,
                    std::vector<std::string>& problems) const;

    Json document_;
    mutable std::mutex mutex_;
    mutable std::map<std::string, schema::Schema> compiled_;  ///< by the schema's text
};

}  // namespace carrick::testing

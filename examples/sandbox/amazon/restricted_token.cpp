// SPDX-License-Identifier: Apache-2.0
// At most 50 resources; a report's document must be named itself, not as "{reportDocumentId}".
#include "examples/sandbox/amazon/restricted_token.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::string_view kDocuments = "/reports/2021-06-30/documents/";
// What else Amazon gives such tokens for; none of it is served here.
constexpr std::array<std::string_view, 3> kOthers{"/orders/v0/orders", "/mfn/v0/shipments/",
                                                  "/shipping/v2/shipments/"};
constexpr std::array<std::string_view, 4> kMethods{"GET", "PUT", "POST", "DELETE"};
constexpr std::array<std::string_view, 3> kElements{"buyerInfo", "shippingAddress",
                                                    "buyerTaxInformation"};

Error input(std::string message) {
    return rejected("InvalidInput", std::move(message));
}

template <std::size_t N>
bool holds(const std::array<std::string_view, N>& list, std::string_view text) {
    for (const std::string_view each : list)
        if (each == text) return true;
    return false;
}

Result<RestrictedResource> read_one(const Json& json) {
    RestrictedResource resource{json["method"].text(), json["path"].text()};
    if (!holds(kMethods, resource.method)) return input("Invalid method of a restricted resource.");
    for (const Json& element : json["dataElements"].items())
        if (!holds(kElements, element.text()))
            return input("Invalid data element: " + element.text().substr(0, 40));
    const std::string_view path = resource.path;
    if (path.starts_with(kDocuments)) {
        if (path.size() == kDocuments.size() || path.find('{') != std::string_view::npos)
            return input("The path of a report document must name the report document itself.");
        return resource;
    }
    for (const std::string_view other : kOthers)
        if (path.starts_with(other)) return resource;
    return input("Path is not a restricted resource: " + resource.path.substr(0, 120));
}

}  // namespace

Result<std::vector<RestrictedResource>> read_restricted_resources(const Request& request) {
    const Result<Json> body = Json::parse(request.body);
    if (!body || !body->is_object()) return input("The request body must be a JSON object.");
    const Json& list = (*body)["restrictedResources"];
    if (!list.is_array() || list.items().empty() || list.items().size() > 50)
        return input("restrictedResources must hold 1 to 50 resources.");
    if (body->contains("targetApplication"))
        return input("Access cannot be delegated to that application.");
    std::vector<RestrictedResource> resources;
    for (const Json& each : list.items()) {
        Result<RestrictedResource> resource = read_one(each);
        if (!resource) return resource.error();
        resources.push_back(std::move(*resource));
    }
    return resources;
}

}  // namespace carrick::sandbox

// SPDX-License-Identifier: Apache-2.0
// The token endpoint.
#include "examples/sandbox/amazon/lwa.hpp"

#include "examples/sandbox/base64url.hpp"

#include <carrick/sdk/sha256.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace carrick::sandbox {
namespace {

constexpr std::string_view kPrefix = "Atza|";
constexpr std::string_view kRestrictedPrefix = "Atz.sprdt|";
constexpr std::array<std::string_view, 2> kScopes{"sellingpartnerapi::notifications",
                                                  "sellingpartnerapi::client_credential:rotation"};

Response refusal(int status, std::string_view error, std::string_view description) {
    return Response::json(status,
                          Json::object({{"error", error}, {"error_description", description}}),
                          "application/json;charset=UTF-8");
}

using Fields = std::vector<std::pair<std::string, std::string>>;

/// The official documentation shows a form, the official clients send JSON.
std::optional<Fields> fields_of(const Request& request) {
    const std::string_view type = request.header("Content-Type");
    if (type.starts_with("application/x-www-form-urlencoded")) return parse_query(request.body);
    if (!type.starts_with("application/json")) return std::nullopt;
    const Result<Json> json = Json::parse(request.body);
    if (!json || !json->is_object()) return std::nullopt;
    Fields fields;
    for (const JsonMember& member : json->members())
        fields.emplace_back(member.key, member.value.text());
    return fields;
}

std::string field(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

}  // namespace

Lwa::Lwa(const Environment& environment, std::uint64_t seed)
    : environment_(environment), seed_(seed) {
    environment_.switches.declare("amazon.token_life_s", "3600", {},
                                  "life of an access token in seconds of the sandbox's clock");
    environment_.switches.declare(
        "amazon.revoked_accounts", "", {},
        "accounts (\"NA1,EU1\") whose seller has taken back the authorisation");
    environment_.switches.declare("amazon.client_secret", "valid", {"valid", "expired"},
                                  "expired: the client secret was not rotated within 180 days");
}

bool Lwa::is_revoked(std::string_view account) const {
    const std::string list = "," + environment_.switches.get("amazon.revoked_accounts") + ",";
    return list.find("," + std::string(account) + ",") != std::string::npos;
}

std::string Lwa::seal(std::string_view payload) const {
    const std::string body = base64url(payload);
    return body + "." + detail::base32(detail::sha256(std::to_string(seed_) + "|lwa|" + body), 26);
}

Response Lwa::token(const Request& request) {
    if (request.method != "POST")
        return refusal(400, "invalid_request", "The token endpoint takes POST only.");
    const std::optional<Fields> fields = fields_of(request);
    if (!fields)
        return refusal(400, "invalid_request",
                       "The request has an invalid Content-Type or a body that does not fit it.");
    for (const std::string_view needed : {"grant_type", "client_id", "client_secret"})
        if (field(*fields, needed).empty())
            return refusal(400, "invalid_request",
                           "The request is missing a required parameter : " + std::string(needed));
    if (field(*fields, "client_id") != kLwaClientId ||
        field(*fields, "client_secret") != kLwaClientSecret)
        return refusal(401, "invalid_client", "Client authentication failed");

    const std::string grant_type = field(*fields, "grant_type");
    if (grant_type == "client_credentials") {
        const std::string scope = field(*fields, "scope");
        if (std::find(kScopes.begin(), kScopes.end(), scope) == kScopes.end())
            return refusal(400, "invalid_scope", "The requested scope is invalid or unknown.");
        return grant("", scope, "", request.time);
    }
    if (grant_type != "refresh_token")
        return refusal(400, "unsupported_grant_type",
                       "The authorization grant type is not supported by the authorization server");
    const std::string refresh_token = field(*fields, "refresh_token");
    if (refresh_token.empty())
        return refusal(400, "invalid_request",
                       "The request is missing a required parameter : refresh_token");
    for (const SellerAccount& seller : seller_accounts())
        if (seller.refresh_token == refresh_token && !is_revoked(seller.account))
            return grant(std::string(seller.account), "", refresh_token, request.time);
    return refusal(400, "invalid_grant",
                   "The request has an invalid grant parameter : refresh_token. User may have "
                   "revoked or didn't grant the permission.");
}

Response Lwa::grant(const std::string& account, const std::string& scope,
                    const std::string& refresh_token, UtcTime now) {
    const std::int64_t life = environment_.switches.number("amazon.token_life_s");
    const Json claims =
        Json::object({{"account", account},
                      {"scope", scope},
                      {"application", kLwaClientId},
                      {"expires", (now + std::chrono::seconds(life)).milliseconds()},
                      {"number", ++issued_},
                      // Real tokens are long; a reader with a short buffer shall notice.
                      {"padding", std::string(480, 'x')}});
    Json answer = Json::object({{"access_token", std::string(kPrefix) + seal(claims.dump())},
                                {"token_type", "bearer"},
                                {"expires_in", life}});
    if (!refresh_token.empty()) answer.set("refresh_token", refresh_token);
    Response response = Response::json(200, answer, "application/json;charset=UTF-8");
    response.set_header("Cache-Control", "no-store");
    return response;
}

Response Lwa::restricted_token(const TokenClaims& claims,
                               const std::vector<RestrictedResource>& resources, UtcTime now) {
    const std::int64_t life = environment_.switches.number("amazon.token_life_s");
    Json list = Json::array();
    for (const RestrictedResource& each : resources)
        list.push_back(Json::object({{"method", each.method}, {"path", each.path}}));
    const Json payload =
        Json::object({{"account", claims.account},
                      {"application", claims.application},
                      {"expires", (now + std::chrono::seconds(life)).milliseconds()},
                      {"number", ++issued_},
                      {"restricted", true},
                      {"resources", std::move(list)}});
    return Response::json(
        200, Json::object(
                 {{"restrictedDataToken", std::string(kRestrictedPrefix) + seal(payload.dump())},
                  {"expiresIn", life}}));
}

TokenClaims Lwa::read(std::string_view access_token, UtcTime now) const {
    TokenClaims claims;
    const bool restricted = access_token.starts_with(kRestrictedPrefix);
    if (!restricted && !access_token.starts_with(kPrefix)) return claims;
    const std::string_view sealed =
        access_token.substr(restricted ? kRestrictedPrefix.size() : kPrefix.size());
    const std::size_t dot = sealed.find('.');
    if (dot == std::string_view::npos) return claims;
    const std::optional<std::string> payload = base64url_decode(sealed.substr(0, dot));
    if (!payload || seal(*payload) != sealed) return claims;
    const Result<Json> json = Json::parse(*payload);
    // A token under the other kind's prefix is forged.
    if (!json || (*json)["restricted"].bool_if().value_or(false) != restricted) return claims;
    claims.restricted = restricted;
    for (const Json& each : (*json)["resources"].items())
        claims.resources.push_back({each["method"].text(), each["path"].text()});
    claims.account = (*json)["account"].text();
    claims.scope = (*json)["scope"].text();
    claims.application = (*json)["application"].text();
    claims.expires = UtcTime((*json)["expires"].integer_if().value_or(0));
    claims.fault = TokenFault::None;
    if (is_revoked(claims.account)) claims.fault = TokenFault::Revoked;
    if (now >= claims.expires) claims.fault = TokenFault::Expired;
    return claims;
}

}  // namespace carrick::sandbox

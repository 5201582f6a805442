// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/customer_import/customer_mapping.hpp"

#include <carrick/sdk/ids.hpp>
#include <carrick/sdk/keyed_hash.hpp>

#include <utility>

namespace carrick::plugins {

namespace {

// Lengths of NetSuite's customer fields, in characters.
constexpr std::size_t kPersonNameLength = 32;
constexpr std::size_t kCompanyNameLength = 83;
constexpr std::size_t kEntityIdLength = 83;
constexpr std::size_t kEmailLength = 254;

bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::string first_characters(std::string_view text, std::size_t count) {
    std::size_t end = 0;
    for (std::size_t seen = 0; end < text.size(); ++end)
        if (!is_continuation(text[end]) && seen++ == count) break;
    return std::string(text.substr(0, end));
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "Ann Mary Buyer" -> {"Ann Mary", "Buyer"}. NetSuite wants both parts of a person's name; a
/// single word (a company, a Japanese name without a blank) stands as the last name.
std::pair<std::string, std::string> split_name(std::string_view name) {
    const std::string_view text = trimmed(name);
    const std::size_t blank = text.rfind(' ');
    if (text.empty()) return {"Amazon", "Buyer"};
    if (blank == std::string_view::npos) return {"Amazon", std::string(text)};
    return {std::string(trimmed(text.substr(0, blank))), std::string(text.substr(blank + 1))};
}

/// "AMZ-C-NA1-US" is 1, "AMZ-C-NA1-US-2" is 2; none for what is neither the first nor a successor.
std::optional<std::int64_t> number_of(const std::string& external_id, const std::string& first) {
    constexpr std::size_t kDigits = 6;
    if (external_id == first) return 1;
    if (!external_id.starts_with(first + "-")) return std::nullopt;
    const std::string digits = external_id.substr(first.size() + 1);
    if (digits.empty() || digits.size() > kDigits ||
        digits.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    std::int64_t number = 0;
    for (const char digit : digits) number = number * 10 + (digit - '0');
    return number > 1 ? std::optional(number) : std::nullopt;
}

std::string consolidated_name(const CustomerSettings& settings, const std::string& marketplace) {
    return settings.name.empty() ? "Amazon " + marketplace : settings.name;
}

}  // namespace

CustomerSettings CustomerSettings::parse(const Json& settings) {
    const Json& customer = settings["customer"];
    CustomerSettings result;
    // Without personal data there is nobody to make a customer of.
    result.individual = customer["policy"].text() == "individual" &&
                        settings["personal_data"].text_or("keep") == "keep";
    result.use = customer["use"].text();
    result.name = customer["name"].text();
    result.match_email = customer["match_email"].bool_if().value_or(true);
    result.own_without_email = customer["without_email"].text() == "order";
    result.rotate_at = customer["rotate_at"].integer_if().value_or(9'000);
    result.vat_id_field = customer["vat_id_field"].text();
    result.subsidiary = settings["subsidiary"].text();
    result.currency = settings["currency"].text();
    result.go_live = settings["go_live"].text();
    return result;
}

std::string normalised_email(std::string_view email) {
    std::string result(trimmed(email));
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    // No address is longer (RFC 5321), and NetSuite takes none that is.
    return result.size() > kEmailLength ? std::string() : result;
}

Result<CustomerIdentity> identify_customer(const Order& order, const CustomerSettings& settings,
                                           const std::string& account,
                                           const std::string& marketplace,
                                           const std::string& identity_key) {
    CustomerIdentity identity;
    identity.email = normalised_email(order.buyer_email);
    identity.individual =
        settings.individual && (!identity.email.empty() || settings.own_without_email);
    std::string source = identity.individual ? order.id.text : marketplace;
    if (identity.individual && !identity.email.empty()) {
        Result<std::string> hash = keyed_hash(identity_key, identity.email);
        if (!hash) return hash.error();
        source = *hash;
    }
    Result<std::string> id = external_id(DocumentKind::Customer, account, source);
    if (!id) return id.error();
    identity.external_id = *id;
    return identity;
}

std::optional<PooledCustomer> latest_customer(const Json& answer,
                                              const std::string& first_external_id) {
    std::optional<PooledCustomer> latest;
    for (const Json& customer : answer["customers"].items()) {
        const std::optional<std::int64_t> number =
            number_of(customer["external_id"].text(), first_external_id);
        if (!number || (latest && latest->number > *number)) continue;
        latest = PooledCustomer{customer["id"].text(), *number,
                                customer["inactive"].bool_if().value_or(false),
                                customer["transactions"].integer_if().value_or(0)};
    }
    return latest;
}

Result<CustomerIdentity> successor(const std::string& account, const std::string& marketplace,
                                   std::int64_t after) {
    CustomerIdentity identity;
    identity.number = after + 1;
    Result<std::string> id =
        external_id(DocumentKind::Customer, account, marketplace, std::to_string(identity.number));
    if (!id) return id.error();
    identity.external_id = *std::move(id);
    return identity;
}

Json to_customer(const Order& order, const CustomerIdentity& identity,
                 const CustomerSettings& settings, const std::string& marketplace,
                 const std::string& currency_id) {
    Json customer = Json::object({{"externalId", Json(identity.external_id)}});
    customer.set("isPerson", Json(identity.individual));
    if (identity.individual) {
        const std::string& name = order.buyer_name.empty() ? order.ship_to.name : order.buyer_name;
        const auto [first, last] = split_name(name);
        customer.set("firstName", Json(first_characters(first, kPersonNameLength)));
        customer.set("lastName", Json(first_characters(last, kPersonNameLength)));
        // Two buyers may have one name; NetSuite's entity ids must differ. The end of the external
        // id tells them apart without saying who they are.
        const std::string tail = " " + identity.external_id.substr(identity.external_id.size() - 6);
        customer.set(
            "entityId",
            Json(first_characters(first + " " + last, kEntityIdLength - tail.size()) + tail));
        if (!identity.email.empty()) customer.set("email", Json(identity.email));
        if (!order.buyer_company.empty())
            customer.set("companyName",
                         Json(first_characters(order.buyer_company, kCompanyNameLength)));
        if (!settings.vat_id_field.empty() && !order.buyer_vat_id.empty())
            customer.set(settings.vat_id_field, Json(order.buyer_vat_id));
    } else {
        const std::string number =
            identity.number > 1 ? " " + std::to_string(identity.number) : std::string();
        customer.set("companyName", Json(first_characters(consolidated_name(settings, marketplace),
                                                          kCompanyNameLength - number.size()) +
                                         number));
    }
    if (!settings.subsidiary.empty())
        customer.set("subsidiary", Json::object({{"id", Json(settings.subsidiary)}}));
    if (!currency_id.empty()) customer.set("currency", Json::object({{"id", Json(currency_id)}}));
    return customer;
}

}  // namespace carrick::plugins

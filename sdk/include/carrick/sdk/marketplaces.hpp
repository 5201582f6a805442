// SPDX-License-Identifier: Apache-2.0
// Amazon's marketplaces, as a table: what the engine, the connectors and the flows all go by. A new
// marketplace is one line.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace carrick::amazon {

/// One of Amazon's three installations; an account lives in one of them.
enum class Region : std::uint8_t { NorthAmerica, Europe, FarEast };

/// "na", "eu", "fe", as in flows.yaml.
[[nodiscard]] constexpr std::string_view region_code(Region region) {
    switch (region) {
        case Region::NorthAmerica: return "na";
        case Region::Europe: return "eu";
        case Region::FarEast: return "fe";
    }
    return {};
}

struct Marketplace {
    std::string_view code;  ///< ISO country, except UK
    std::string_view id;    ///< Amazon's marketplaceId
    Region region;
    std::string_view currency;
    std::string_view name;    ///< in API answers and reports; case varies there
    std::string_view domain;  ///< where its shoppers go
    std::string_view zone;    ///< of the store's day, for "per day" reports
    /// Prices in reports include the tax beside them (VAT, GST, IVA, consumption tax).
    bool prices_include_tax = true;
    /// Of its reports where a document declares none and is no UTF-8; a name of iconv's.
    std::string_view encoding = "CP1252";
};

// Source: SP-API documentation "Marketplace IDs". Zones of MX and BR are not documented. Encodings
// are those that sellers have met.
inline constexpr std::array kMarketplaces{
    // code, id, region, currency, name, domain, zone, [prices_include_tax, [encoding]]
    Marketplace{"US", "ATVPDKIKX0DER", Region::NorthAmerica, "USD", "Amazon.com", "amazon.com",
                "America/Los_Angeles", false},
    Marketplace{"CA", "A2EUQ1WTGCTBG2", Region::NorthAmerica, "CAD", "Amazon.ca", "amazon.ca",
                "America/Los_Angeles", false},
    Marketplace{"MX", "A1AM78C64UM0Y8", Region::NorthAmerica, "MXN", "Amazon.com.mx",
                "amazon.com.mx", "America/Los_Angeles"},
    Marketplace{"BR", "A2Q3Y263D00KWC", Region::NorthAmerica, "BRL", "Amazon.com.br",
                "amazon.com.br", "America/Sao_Paulo"},
    Marketplace{"UK", "A1F83G8C2ARO7P", Region::Europe, "GBP", "Amazon.co.uk", "amazon.co.uk",
                "Europe/London"},
    Marketplace{"DE", "A1PA6795UKMFR9", Region::Europe, "EUR", "Amazon.de", "amazon.de",
                "Europe/Berlin"},
    Marketplace{"FR", "A13V1IB3VIYZZH", Region::Europe, "EUR", "Amazon.fr", "amazon.fr",
                "Europe/Paris"},
    Marketplace{"IT", "APJ6JRA9NG5V4", Region::Europe, "EUR", "Amazon.it", "amazon.it",
                "Europe/Rome"},
    Marketplace{"ES", "A1RKKUPIHCS9HS", Region::Europe, "EUR", "Amazon.es", "amazon.es",
                "Europe/Madrid"},
    Marketplace{"NL", "A1805IZSGTT6HS", Region::Europe, "EUR", "Amazon.nl", "amazon.nl",
                "Europe/Amsterdam"},
    Marketplace{"SE", "A2NODRKZP88ZB9", Region::Europe, "SEK", "Amazon.se", "amazon.se",
                "Europe/Stockholm"},
    Marketplace{"PL", "A1C3SOZRARQ6R3", Region::Europe, "PLN", "Amazon.pl", "amazon.pl",
                "Europe/Warsaw"},
    Marketplace{"BE", "AMEN7PMS3EDWL", Region::Europe, "EUR", "Amazon.com.be", "amazon.com.be",
                "Europe/Brussels"},
    Marketplace{"IE", "A28R8C7NBKEWEA", Region::Europe, "EUR", "Amazon.ie", "amazon.ie",
                "Europe/Dublin"},
    Marketplace{"TR", "A33AVAJ2PDY3EV", Region::Europe, "TRY", "Amazon.com.tr", "amazon.com.tr",
                "Europe/Istanbul"},
    Marketplace{"AE", "A2VIGQ35RCS4UG", Region::Europe, "AED", "Amazon.ae", "amazon.ae",
                "Asia/Dubai"},
    Marketplace{"SA", "A17E79C6D8DWNP", Region::Europe, "SAR", "Amazon.sa", "amazon.sa",
                "Asia/Riyadh"},
    Marketplace{"EG", "ARBP9OOSHTCHU", Region::Europe, "EGP", "Amazon.eg", "amazon.eg",
                "Africa/Cairo"},
    Marketplace{"IN", "A21TJRUUN4KGV", Region::Europe, "INR", "Amazon.in", "amazon.in",
                "Asia/Kolkata"},
    Marketplace{"ZA", "AE08WJ6YKNBMC", Region::Europe, "ZAR", "Amazon.co.za", "amazon.co.za",
                "Africa/Johannesburg"},
    Marketplace{"JP", "A1VC38T7YXB528", Region::FarEast, "JPY", "Amazon.co.jp", "amazon.co.jp",
                "Asia/Tokyo", true, "CP932"},
    Marketplace{"AU", "A39IBJ37TRP1C6", Region::FarEast, "AUD", "Amazon.com.au", "amazon.com.au",
                "Australia/Sydney"},
    Marketplace{"SG", "A19VAU5U5O7RUS", Region::FarEast, "SGD", "Amazon.sg", "amazon.sg",
                "Asia/Singapore"},
};

namespace detail {

/// Names and codes are ASCII; the locale has no say.
[[nodiscard]] constexpr bool same_ascii(std::string_view a, std::string_view b) {
    const auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

template <class Matches>
[[nodiscard]] constexpr const Marketplace* find_marketplace(const Matches& matches) {
    const auto found = std::find_if(kMarketplaces.begin(), kMarketplaces.end(), matches);
    return found == kMarketplaces.end() ? nullptr : &*found;
}

}  // namespace detail

/// By code, upper or lower case; "GB" is accepted for UK. Null for an unknown one.
[[nodiscard]] constexpr const Marketplace* marketplace_from_code(std::string_view code) {
    if (detail::same_ascii(code, "GB")) code = "UK";
    return detail::find_marketplace(
        [&](const Marketplace& one) { return detail::same_ascii(one.code, code); });
}

[[nodiscard]] constexpr const Marketplace* marketplace_from_id(std::string_view id) {
    return detail::find_marketplace([&](const Marketplace& one) { return one.id == id; });
}

/// By name or domain, whatever the case: reports write "Amazon.co.uk" and "amazon.co.uk". A name
/// that is not in the table is no Amazon store (Multi-Channel Fulfillment).
[[nodiscard]] constexpr const Marketplace* marketplace_from_name(std::string_view name) {
    return detail::find_marketplace([&](const Marketplace& one) {
        return detail::same_ascii(one.name, name) || detail::same_ascii(one.domain, name);
    });
}

}  // namespace carrick::amazon

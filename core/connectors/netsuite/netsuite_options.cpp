// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/netsuite_options.hpp"

#include <algorithm>
#include <cctype>

namespace carrick::connectors::netsuite {
namespace {

constexpr std::string_view kTokenPath = "/services/rest/auth/oauth2/v1/token";

bool is_http_address(std::string_view url) {
    return (url.starts_with("https://") && url.size() > 8) ||
           (url.starts_with("http://") && url.size() > 7);
}

Error not_an_address(const NetSuiteOptions& options, std::string_view key, std::string_view url) {
    return misconfigured("netsuite.url", "connection \"" + options.name +
                                             "\": " + std::string(key) + " \"" + std::string(url) +
                                             "\" is not an http(s) address");
}

}  // namespace

Result<Account> Account::from(const NetSuiteOptions& options) {
    const auto allowed = [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_' || c == '-';
    };
    if (options.account.empty() || options.account.size() > 60 ||
        !std::all_of(options.account.begin(), options.account.end(), allowed))
        return misconfigured("netsuite.account",
                             "connection \"" + options.name + "\": account \"" +
                                 options.account.substr(0, 60) +
                                 "\" is not an account id; expected one such as 1234567 or "
                                 "1234567_SB1 (Setup > Company > Company Information)");
    Account account;
    for (const char c : options.account) {
        const auto byte = static_cast<unsigned char>(c);
        account.id += c == '-' ? '_' : static_cast<char>(std::toupper(byte));
        account.host_form += c == '_' ? '-' : static_cast<char>(std::tolower(byte));
    }
    account.base_url = options.base_url.empty()
                           ? "https://" + account.host_form + ".suitetalk.api.netsuite.com"
                           : options.base_url;
    while (account.base_url.ends_with('/')) account.base_url.pop_back();
    if (!is_http_address(account.base_url))
        return not_an_address(options, "base_url", options.base_url);
    account.token_url =
        options.token_url.empty() ? account.base_url + std::string(kTokenPath) : options.token_url;
    if (!is_http_address(account.token_url))
        return not_an_address(options, "token_url", options.token_url);
    return account;
}

std::string Account::rest_url(std::string_view path) const {
    return base_url + "/services/rest" + std::string(path);
}

}  // namespace carrick::connectors::netsuite

// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/http/http_transport.hpp"

#include <algorithm>

namespace carrick::http {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view HttpResponse::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (equals_ignoring_case(key, name)) return value;
    return {};
}

std::string charset_of(std::string_view content_type) {
    constexpr std::string_view kName = "charset=";
    for (std::size_t at = content_type.find(';'); at != std::string_view::npos;
         at = content_type.find(';', at + 1)) {
        std::string_view parameter = content_type.substr(at + 1);
        parameter = parameter.substr(0, parameter.find(';'));
        while (parameter.starts_with(' ')) parameter.remove_prefix(1);
        if (!equals_ignoring_case(parameter.substr(0, kName.size()), kName)) continue;
        parameter.remove_prefix(kName.size());
        while (parameter.ends_with(' ')) parameter.remove_suffix(1);
        if (parameter.size() >= 2 && parameter.starts_with('"') && parameter.ends_with('"'))
            parameter = parameter.substr(1, parameter.size() - 2);
        return std::string(parameter);
    }
    return {};
}

}  // namespace carrick::http

// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/url_text.hpp"

#include "core/connectors/http/url.hpp"

#include <algorithm>
#include <cctype>

namespace carrick::connectors::netsuite {
namespace {

bool is_plain(unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
}

}  // namespace

bool is_record_type(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           std::isalpha(static_cast<unsigned char>(text[0])) != 0 &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
           });
}

bool is_internal_id(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    return !text.empty() && text.size() <= 18 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<std::string> eid_segment(std::string_view external_id) {
    const bool breaks = std::any_of(external_id.begin(), external_id.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 ||
               std::string_view("|/:',").find(c) != std::string_view::npos;
    });
    if (external_id.empty() || external_id.size() > 255 || breaks)
        return rejected("netsuite.external_id",
                        "external id \"" + std::string(external_id.substr(0, 60)) +
                            "\" cannot stand in an address; use 1 to 255 letters, digits, _ and -");
    const bool plain = std::all_of(external_id.begin(), external_id.end(),
                                   [](char c) { return is_plain(static_cast<unsigned char>(c)); });
    if (plain) return "eid:" + std::string(external_id);
    return "eid:" + http::percent_encode("'" + std::string(external_id) + "'");
}

namespace {

/// What follows `marker` up to the next "/", "?" or "#", if that can be an id.
std::string id_behind(std::string_view address, std::string_view marker) {
    const std::size_t at = address.rfind(marker);
    if (at == std::string_view::npos) return {};
    std::string_view id = address.substr(at + marker.size());
    id = id.substr(0, id.find_first_of("/?#"));
    const bool clean = !id.empty() && id.size() <= 64 &&
                       std::all_of(id.begin(), id.end(),
                                   [](char c) { return is_plain(static_cast<unsigned char>(c)); });
    return clean ? std::string(id) : std::string();
}

}  // namespace

std::string job_in_location(std::string_view location) {
    return id_behind(location, "/async/v1/job/");
}

std::string task_in_link(std::string_view link) {
    return id_behind(link, "/task/");
}

std::string id_in_location(std::string_view location) {
    location = location.substr(0, location.find_first_of("?#"));
    while (location.ends_with('/')) location.remove_suffix(1);
    const std::size_t slash = location.find_last_of('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view last = location.substr(slash + 1);
    return is_internal_id(last) ? std::string(last) : std::string();
}

}  // namespace carrick::connectors::netsuite

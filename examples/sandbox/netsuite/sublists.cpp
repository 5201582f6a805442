// SPDX-License-Identifier: Apache-2.0
// The documented difference between keyed and non-keyed sublists.
#include "examples/sandbox/netsuite/sublists.hpp"

#include <algorithm>
#include <optional>

namespace carrick::sandbox::netsuite {

namespace {

bool same_value(const Json& a, const Json& b) {
    if (a.is_number() && b.is_number()) return *a.decimal_if() == *b.decimal_if();
    return a == b;
}

/// The record's line that the sent line names by its key, if it names one.
std::optional<std::size_t> matching_line(const std::vector<Json>& lines, const Sublist& sublist,
                                         const Json& sent) {
    if (sublist.existing_key.empty()) return std::nullopt;
    for (const std::string& key : sublist.existing_key)
        if (sent[key].is_null()) return std::nullopt;
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (std::all_of(
                sublist.existing_key.begin(), sublist.existing_key.end(),
                [&](const std::string& key) { return same_value(lines[i][key], sent[key]); }))
            return i;
    return std::nullopt;
}

bool numbers_lines(const Sublist& sublist) {
    return sublist.existing_key.size() == 1 &&
           (sublist.existing_key.front() == "line" || sublist.existing_key.front() == "internalId");
}

}  // namespace

void merge_fields(Json& target, const Json& sent) {
    for (const JsonMember& member : sent.members()) {
        if (member.value.is_null() || (member.value.is_string() && member.value.text().empty()))
            target.erase(member.key);
        else
            target.set(member.key, member.value);
    }
}

std::vector<Json> merge_sublist(Record& record, const Sublist& sublist, const Json& sent,
                                const MergeRules& rules) {
    const std::vector<Json> before = record.body[sublist.name]["items"].items();
    std::vector<Json> lines = before;
    std::vector<Json> sent_for(before.size());
    std::vector<bool> keep(before.size(), !rules.replace);
    if (sent.is_null()) keep.assign(before.size(), false);

    for (const Json& line : sent["items"].items()) {
        std::optional<std::size_t> at = matching_line(lines, sublist, line);
        if (!at) {
            at = lines.size();
            lines.emplace_back(Json::object());
            sent_for.emplace_back();
            keep.push_back(true);
            if (numbers_lines(sublist)) {
                record.last_line += record.last_line == 0 ? 1 : rules.line_step;
                lines[*at].set(sublist.existing_key.front(), record.last_line);
            }
        }
        Json changes = line;
        if (numbers_lines(sublist)) changes.erase(sublist.existing_key.front());
        changes.erase("orderLine");
        merge_fields(lines[*at], changes);
        sent_for[*at] = changes;
        keep[*at] = true;
    }

    Json kept = Json::array();
    std::vector<Json> kept_sent;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!keep[i]) continue;
        kept.push_back(std::move(lines[i]));
        kept_sent.push_back(std::move(sent_for[i]));
    }
    if (kept.empty())
        record.body.erase(sublist.name);
    else
        record.body.set(sublist.name, Json::object({{"items", std::move(kept)}}));
    return kept_sent;
}

}  // namespace carrick::sandbox::netsuite

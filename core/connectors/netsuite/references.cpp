// SPDX-License-Identifier: Apache-2.0
#include "core/connectors/netsuite/references.hpp"

#include "core/connectors/netsuite/suiteql.hpp"
#include "core/connectors/netsuite/url_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

namespace carrick::connectors::netsuite {

/// Where a kind of thing lives and what people call it.
struct References::Kind {
    std::string_view name;
    std::string_view table;
    std::array<std::string_view, 3> names;  ///< columns; the first is the one every account has
    bool listed;                            ///< short enough to be read whole
};

namespace {

constexpr std::array kKinds{
    References::Kind{"subsidiary", "subsidiary", {"name", "fullname", ""}, true},
    References::Kind{"location", "location", {"name", "fullname", ""}, true},
    References::Kind{
        "account", "account", {"acctnumber", "fullname", "accountsearchdisplayname"}, true},
    References::Kind{"currency", "currency", {"symbol", "name", ""}, true},
    References::Kind{"term", "term", {"name", "", ""}, true},
    References::Kind{"class", "classification", {"name", "fullname", ""}, true},
    References::Kind{"classification", "classification", {"name", "fullname", ""}, true},
    References::Kind{"department", "department", {"name", "fullname", ""}, true},
    References::Kind{"pricelevel", "pricelevel", {"name", "", ""}, true},
    References::Kind{"shipmethod", "shipitem", {"itemid", "displayname", ""}, true},
    References::Kind{"taxcode", "salestaxitem", {"name", "itemid", ""}, true},
    References::Kind{"item", "item", {"itemid", "fullname", "externalid"}, false},
    References::Kind{"customer", "customer", {"entityid", "companyname", "externalid"}, false},
};

constexpr Milliseconds kKeptFor = std::chrono::minutes(10);
constexpr Milliseconds kFreshEnough = std::chrono::seconds(10);
constexpr std::size_t kSuggestions = 3;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// Levenshtein's distance, case aside.
std::size_t distance(std::string_view a_text, std::string_view b_text) {
    const std::string a = lower(a_text.substr(0, 200));
    const std::string b = lower(b_text.substr(0, 200));
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] =
                std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string nearest(const std::vector<References::Row>& rows, std::string_view wanted) {
    std::vector<std::pair<std::size_t, std::string>> ranked;
    for (const References::Row& row : rows)
        for (const std::string& name : row.names) ranked.emplace_back(distance(name, wanted), name);
    std::sort(ranked.begin(), ranked.end());
    ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
    std::string text;
    for (std::size_t i = 0; i < ranked.size() && i < kSuggestions; ++i)
        text += (i == 0 ? "the nearest are \"" : ", \"") + ranked[i].second + "\"";
    return text.empty() ? "the account has none that this role may see" : text;
}

bool is_called(const References::Row& row, std::string_view name) {
    return std::any_of(row.names.begin(), row.names.end(),
                       [&](const std::string& one) { return one == name; });
}

/// Whether a setting may mean an id, a name, or both.
struct Wanted {
    std::string text;
    bool as_id = true;
    bool as_name = true;
};

Wanted wanted_of(std::string_view name) {
    if (name.starts_with("id:")) return {std::string(name.substr(3)), true, false};
    if (name.starts_with("name:")) return {std::string(name.substr(5)), false, true};
    return {std::string(name), is_internal_id(name), true};
}

Result<std::string> pick(const References::Kind& kind, const std::vector<References::Row>& rows,
                         const Wanted& wanted) {
    std::set<std::string> by_id;
    std::set<std::string> by_name;
    for (const References::Row& row : rows) {
        if (wanted.as_id && row.id == wanted.text) by_id.insert(row.id);
        if (wanted.as_name && is_called(row, wanted.text)) by_name.insert(row.id);
    }
    // People write names without much thought for capitals, unless two differ only in them.
    if (by_id.empty() && by_name.empty() && wanted.as_name)
        for (const References::Row& row : rows)
            for (const std::string& name : row.names)
                if (lower(name) == lower(wanted.text)) by_name.insert(row.id);
    std::set<std::string> ids = by_id;
    ids.insert(by_name.begin(), by_name.end());
    const std::string thing = std::string(kind.name) + " \"" + wanted.text + "\"";
    if (ids.size() == 1) return *ids.begin();
    if (ids.empty())
        return misconfigured("netsuite.unknown_reference",
                             thing + " does not exist; " + nearest(rows, wanted.text));
    std::string list;
    for (const std::string& id : ids) list += (list.empty() ? "" : ", ") + id;
    const std::string way_out = by_id.empty()
                                    ? "use one of the ids"
                                    : "write id:" + wanted.text + " or name:" + wanted.text;
    return misconfigured("netsuite.ambiguous_reference",
                         thing + " fits the ids " + list + "; " + way_out);
}

std::vector<References::Row> rows_of(const References::Kind& kind, std::size_t columns,
                                     const std::vector<Json>& answer) {
    std::vector<References::Row> rows;
    for (const Json& line : answer) {
        References::Row row{line["id"].text(), {}};
        for (std::size_t i = 0; i < columns; ++i)
            if (const std::string& name = line[kind.names[i]].text();
                !name.empty() && !is_called(row, name))
                row.names.push_back(name);
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Result<std::string> References::resolve(std::string_view kind_name, std::string_view name,
                                        const CallContext& context) {
    std::string_view plain = kind_name;
    if (plain.starts_with("netsuite.")) plain.remove_prefix(9);
    const std::string kind_key = lower(plain);
    const Wanted wanted = wanted_of(name);
    if (kind_key == "customform") {
        // Forms are in no table that SuiteQL shows; the id stands in the form's address.
        if (wanted.as_id && is_internal_id(wanted.text)) return wanted.text;
        return misconfigured("netsuite.unknown_reference",
                             "custom form \"" + wanted.text +
                                 "\": forms cannot be found by name; give the internal id "
                                 "(Customization > Forms)");
    }
    const auto kind = std::find_if(kKinds.begin(), kKinds.end(),
                                   [&](const Kind& row) { return row.name == kind_key; });
    if (kind == kKinds.end()) {
        std::string known = "customform, tax_engine";
        for (const Kind& row : kKinds) known += ", " + std::string(row.name);
        return misconfigured("netsuite.reference_kind", "NetSuite references of kind \"" +
                                                            std::string(plain) +
                                                            "\" are not known; known are " + known);
    }
    // System values such as price level -1 (Custom) stand in no table that can be listed.
    if (wanted.as_id && wanted.text.starts_with('-') && is_internal_id(wanted.text))
        return wanted.text;
    if (wanted.text.empty())
        return misconfigured("netsuite.unknown_reference",
                             "an empty text names no " + std::string(kind->name));

    if (kind->listed) {
        Result<std::vector<Row>> rows = list(*kind, kKeptFor, context);
        if (!rows) return rows.error();
        Result<std::string> id = pick(*kind, *rows, wanted);
        if (id || id.error().code != "netsuite.unknown_reference") return id;
        rows = list(*kind, kFreshEnough, context);
        if (!rows) return rows.error();
        return pick(*kind, *rows, wanted);
    }

    std::string condition;
    std::vector<Json> params;
    const auto add = [&](std::string_view column) {
        if (column.empty()) return;
        condition += (condition.empty() ? "" : " OR ") + std::string(column) + " = ?";
        params.emplace_back(wanted.text);
    };
    if (wanted.as_id && is_internal_id(wanted.text)) add("id");
    if (wanted.as_name)
        for (const std::string_view column : kind->names) add(column);
    Result<std::vector<Row>> rows = query(*kind, condition, params, context);
    if (!rows) return rows.error();
    Result<std::string> id = pick(*kind, *rows, wanted);
    if (id || id.error().code != "netsuite.unknown_reference") return id;
    // Too many to read whole: what begins alike has to do for the suggestion.
    const std::string beginning = wanted.text.substr(0, 3) + "%";
    rows = query(*kind, std::string(kind->names[0]) + " LIKE ?", {Json(beginning)}, context);
    return rows ? pick(*kind, *rows, wanted) : id;
}

Result<std::vector<References::Row>> References::list(const Kind& kind, Milliseconds oldest,
                                                      const CallContext& context) {
    const UtcTime now = session_.clock().now();
    {
        const std::lock_guard lock(mutex_);
        const auto found = kept_.find(kind.table);
        if (found != kept_.end() && now - found->second.at < oldest) return found->second.rows;
    }
    Result<std::vector<Row>> rows = query(kind, "", {}, context);
    if (!rows) return rows;
    const std::lock_guard lock(mutex_);
    kept_[std::string(kind.table)] = {*rows, now};
    return rows;
}

Result<std::vector<References::Row>> References::query(const Kind& kind, std::string_view condition,
                                                       const std::vector<Json>& params,
                                                       const CallContext& context) {
    // The further columns are not in every account (nor known to every role): without them is still
    // better than not at all. A condition names all columns and has no such choice.
    std::size_t columns = kind.names.size();
    while (kind.names[columns - 1].empty()) --columns;
    bool active_only = true;
    for (;;) {
        SuiteQl sql;
        sql.text = "SELECT id";
        for (std::size_t i = 0; i < columns; ++i) sql.text += ", " + std::string(kind.names[i]);
        sql.text += " FROM " + std::string(kind.table) + " WHERE ";
        if (active_only) sql.text += "isinactive = 'F' AND ";
        if (!condition.empty()) sql.text += "(" + std::string(condition) + ") AND ";
        sql.text += "id > :after ORDER BY id";
        sql.params = params;
        const SuiteQlOutcome answer = run_suiteql(session_, sql, context);
        if (answer.outcome.ok()) return rows_of(kind, columns, answer.result.rows);
        if (answer.outcome.error.code != "netsuite.suiteql_unknown_name" || !condition.empty() ||
            !active_only)
            return answer.outcome.error;
        if (columns > 1)
            --columns;
        else
            active_only = false;
    }
}

}  // namespace carrick::connectors::netsuite

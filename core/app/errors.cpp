// SPDX-License-Identifier: Apache-2.0
// The error queue from the command line: list and show.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"

#include <cstdio>

namespace carrick::app {

namespace {

std::string place_of(const store::ErrorRow& row) {
    std::string place = row.instance.flow;
    for (const std::string& part : {row.instance.origin, row.instance.partition})
        if (!part.empty()) place += "/" + part;
    return place;
}

Json row_json(const store::ErrorRow& row) {
    return Json::object(
        {{"id", Json(row.id)},
         {"flow", Json(row.instance.flow)},
         {"origin", Json(row.instance.origin)},
         {"partition", Json(row.instance.partition)},
         {"key", Json(row.key)},
         {"stage", Json(row.stage)},
         {"class", Json(to_string(row.error_class))},
         {"code", Json(row.code)},
         {"message", Json(row.message)},
         {"field", Json(row.field)},
         {"fingerprint", Json(row.fingerprint)},
         {"value", Json(row.value)},
         {"due", Json(row.due == UtcTime() ? "" : row.due.text())},
         {"at", Json(row.at.text())},
         {"tries", Json(row.tries)},
         {"open", Json(row.state == store::ErrorState::Open)},
         {"resolved_at", Json(row.resolved_at == UtcTime() ? "" : row.resolved_at.text())},
         {"resolution", Json(row.resolution)}});
}

}  // namespace

int list_errors(Application& app, const ErrorListOptions& options) {
    if (app.outline() == nullptr) return kMisconfigured;
    if (!app.store_exists()) {
        say_nothing_yet(app);
        print(app.options().json ? "[]\n" : "No errors.\n");
        return kOk;
    }
    Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
    if (!store) return report(store.error());
    store::ErrorFilter filter;
    filter.flow = options.flow;
    filter.fingerprint = options.fingerprint;
    filter.open_only = !options.all;
    filter.limit = options.limit;
    filter.order = options.order == "value" ? store::ErrorFilter::Order::ByValue
                   : options.order == "due" ? store::ErrorFilter::Order::ByDue
                                            : store::ErrorFilter::Order::ById;
    Result<std::vector<store::ErrorRow>> rows = (*store)->errors(filter);
    if (!rows) return report(rows.error());
    if (app.options().json) {
        Json list = Json::array();
        for (const store::ErrorRow& row : *rows) list.push_back(row_json(row));
        print(list.pretty() + "\n");
        return kOk;
    }
    Table table({"id", "flow", "key", "class", "code", "value", "message"},
                {true, false, false, false, false, true, false});
    for (const store::ErrorRow& row : *rows)
        table.add({std::to_string(row.id), place_of(row), row.key,
                   std::string(to_string(row.error_class)), row.code, row.value, row.message});
    print(rows->empty() ? "No errors.\n" : table.text());
    return kOk;
}

int show_error(Application& app, std::int64_t id) {
    if (app.outline() == nullptr) return kMisconfigured;
    if (!app.store_exists()) {
        say_nothing_yet(app);
        return kFailed;
    }
    Result<std::unique_ptr<store::Store>> store = app.open_store(StoreUse::Peer);
    if (!store) return report(store.error());
    Result<std::optional<store::ErrorRow>> row = (*store)->error(id);
    if (!row) return report(row.error());
    if (!*row)
        return report(
            rejected("errors.unknown", "there is no error " + std::to_string(id) +
                                           "; `carrick errors list --all` shows every one"));
    const Json json = row_json(**row);
    if (app.options().json) {
        print(json.pretty() + "\n");
        return kOk;
    }
    for (const JsonMember& member : json.members()) {
        const std::string value =
            member.value.is_string() ? member.value.text() : member.value.dump();
        if (!value.empty())
            print(member.key + std::string(14 - member.key.size(), ' ') + value + "\n");
    }
    return kOk;
}

}  // namespace carrick::app

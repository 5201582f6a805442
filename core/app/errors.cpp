// SPDX-License-Identifier: Apache-2.0
// The error queue from the command line: list, show, retry.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"

#include "core/engine/requests.hpp"

#include <chrono>
#include <cstdio>
#include <thread>

namespace carrick::app {

namespace {

// A running engine takes requests up every half second, between two pages.
constexpr std::chrono::seconds kAnswerPatience{30};

void print(const std::string& text) {
    std::fputs(text.c_str(), stdout);
}

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

/// Posts a request; a running engine answers it, else it is carried out here.
Result<Json> ask_engine(Application& app, store::EngineRequest request) {
    Result<std::unique_ptr<store::Store>> as_engine = app.open_store(StoreUse::Engine);
    if (as_engine) {
        Result<std::string> answer = engine::execute_request(**as_engine, request, request.at);
        if (!answer) return answer.error();
        return Json::parse(*answer);
    }
    if (as_engine.error().code != "store.locked") return as_engine.error();
    Result<std::unique_ptr<store::Store>> peer = app.open_store(StoreUse::Peer);
    if (!peer) return peer.error();
    Result<std::int64_t> id = (*peer)->post_request(request);
    if (!id) return id.error();
    const auto until = std::chrono::steady_clock::now() + kAnswerPatience;
    while (std::chrono::steady_clock::now() < until) {
        Result<std::optional<store::EngineRequest>> row = (*peer)->request(*id);
        if (!row) return row.error();
        if (*row && (*row)->answered) return Json::parse((*row)->answer);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return transient("request.no_answer",
                     "the running engine has not answered request " + std::to_string(*id) +
                         " within 30 s; it stays posted and is taken up between two pages");
}

std::string user_name() {
    const char* user = std::getenv("USER");
    return user != nullptr && *user != '\0' ? user : "command line";
}

}  // namespace

int list_errors(Application& app, const ErrorListOptions& options) {
    if (app.configuration() == nullptr) return kMisconfigured;
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
    if (app.configuration() == nullptr) return kMisconfigured;
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

int retry_errors(Application& app, const RetryOptions& options) {
    if (app.configuration() == nullptr) return kMisconfigured;
    Json arguments = Json::object();
    if (options.id != 0) arguments.set("id", Json(options.id));
    if (!options.flow.empty()) arguments.set("flow", Json(options.flow));
    if (!options.fingerprint.empty()) arguments.set("fingerprint", Json(options.fingerprint));
    store::EngineRequest request;
    request.kind = "errors.retry";
    request.arguments = arguments.dump();
    request.who = user_name();
    request.at = SystemClock().now();
    Result<Json> answer = ask_engine(app, std::move(request));
    if (!answer) return report(answer.error());
    if (app.options().json) {
        print(answer->pretty() + "\n");
    } else if ((*answer)["ok"].bool_if().value_or(false)) {
        print((*answer)["retried"].dump() + " records will run again\n");
    }
    if ((*answer)["ok"].bool_if().value_or(false)) return kOk;
    return report(rejected((*answer)["code"].text(), (*answer)["message"].text()));
}

}  // namespace carrick::app

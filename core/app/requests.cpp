// SPDX-License-Identifier: Apache-2.0
// Commands that change something: each is a request, carried out by the running engine between two
// pages, or here where none runs.
#include "core/app/requests.hpp"
#include "core/app/commands.hpp"
#include "core/app/console.hpp"

#include "core/engine/requests.hpp"
#include "core/plugin_host/nearest.hpp"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

namespace carrick::app {

namespace {

// A running engine takes requests up every half second, between two pages.
constexpr std::chrono::seconds kAnswerPatience{30};

/// A running engine answers the request, else it is carried out here.
Result<Json> ask_engine(Application& app, const store::EngineRequest& request) {
    Result<std::unique_ptr<store::Store>> as_engine = app.open_store(StoreUse::Engine);
    if (as_engine) {
        Result<std::string> answer = engine::execute_request(**as_engine, request, request.at);
        if (!answer) return answer.error();
        return Json::parse(*answer);
    }
    if (as_engine.error().code != "store.locked") return as_engine.error();
    return post_to_engine(app, request, kAnswerPatience);
}

/// Asks and prints the answer (the store must be known); `done` says it to a person.
int request(Application& app, const char* kind, const Json& arguments,
            const std::function<std::string(const Json& answer)>& done) {
    store::EngineRequest request;
    request.kind = kind;
    request.arguments = arguments.dump();
    request.who = user_name();
    request.at = SystemClock().now();
    Result<Json> answer = ask_engine(app, request);
    if (!answer) return report(answer.error());
    const std::optional<Error> refused = refusal_of(*answer);
    if (app.options().json)
        print(answer->pretty() + "\n");
    else if (!refused)
        print(done(*answer) + "\n");
    return refused ? report(*refused) : kOk;
}

std::string released(const Json& answer) {
    const std::int64_t records = answer["retried"].integer_if().value_or(0);
    const std::int64_t instances = answer["released"].integer_if().value_or(0);
    std::string text;
    if (records > 0)
        text = records == 1 ? "1 record will run again"
                            : std::to_string(records) + " records will run again";
    if (instances > 0)
        text += (text.empty() ? "" : ", ") +
                (instances == 1 ? "1 stopped flow instance goes on"
                                : std::to_string(instances) + " stopped flow instances go on");
    return text;
}

std::string resolved(const Json& answer) {
    const std::int64_t records = answer["resolved"].integer_if().value_or(0);
    const std::int64_t instances = answer["released"].integer_if().value_or(0);
    std::string text = records == 1 ? "1 record is settled; a newer version of it is taken up again"
                                    : std::to_string(records) +
                                          " records are settled; newer versions of them are taken "
                                          "up again";
    if (instances > 0)
        text += instances == 1 ? ", 1 stopped flow instance goes on"
                               : ", " + std::to_string(instances) + " stopped flow instances go on";
    return text;
}

}  // namespace

Result<Json> post_to_engine(Application& app, const store::EngineRequest& request,
                            std::chrono::seconds patience) {
    Result<std::unique_ptr<store::Store>> peer = app.open_store(StoreUse::Peer);
    if (!peer) return peer.error();
    Result<std::int64_t> id = (*peer)->post_request(request);
    if (!id) return id.error();
    const auto until = std::chrono::steady_clock::now() + patience;
    while (std::chrono::steady_clock::now() < until) {
        Result<std::optional<store::EngineRequest>> row = (*peer)->request(*id);
        if (!row) return row.error();
        if (*row && (*row)->answered) return Json::parse((*row)->answer);
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
    return transient("request.no_answer",
                     "the running engine has not answered request " + std::to_string(*id) +
                         " within " + std::to_string(patience.count()) +
                         " s; it stays posted and is taken up between two pages");
}

std::string user_name() {
    const char* user = std::getenv("USER");
    return user != nullptr && *user != '\0' ? user : "command line";
}

std::optional<Error> refusal_of(const Json& answer) {
    if (answer["ok"].bool_if().value_or(false)) return std::nullopt;
    return rejected(answer["code"].text(), answer["message"].text());
}

int retry_errors(Application& app, const RetryOptions& options) {
    if (app.outline() == nullptr) return kMisconfigured;
    if (!app.store_exists()) {
        say_nothing_yet(app);
        return kFailed;
    }
    Json arguments = Json::object();
    if (options.id != 0) arguments.set("id", Json(options.id));
    if (!options.flow.empty()) arguments.set("flow", Json(options.flow));
    if (!options.fingerprint.empty()) arguments.set("fingerprint", Json(options.fingerprint));
    return request(app, "errors.retry", arguments, released);
}

int resolve_errors(Application& app, const ResolveOptions& options) {
    if (app.outline() == nullptr) return kMisconfigured;
    if (!app.store_exists()) {
        say_nothing_yet(app);
        return kFailed;
    }
    Json ids = Json::array();
    for (const std::int64_t id : options.ids) ids.push_back(Json(id));
    const Json arguments =
        Json::object({{"ids", std::move(ids)}, {"reason", Json(options.reason)}});
    return request(app, "errors.resolve", arguments, resolved);
}

int stop_backfill(Application& app, const std::string& flow) {
    if (app.outline() == nullptr) return kMisconfigured;
    if (!app.store_exists()) {
        say_nothing_yet(app);
        return kFailed;
    }
    return request(app, "backfill.stop", Json::object({{"flow", Json(flow)}}),
                   [](const Json& answer) {
                       std::string text;
                       for (const Json& one : answer["backfills"].items())
                           text += (text.empty() ? "" : "\n") + backfill_line(one);
                       return text;
                   });
}

int allow_flow(Application& app, const std::string& flow) {
    const config::Outline* outline = app.outline();
    if (outline == nullptr) return kMisconfigured;
    if (std::find(outline->flows.begin(), outline->flows.end(), flow) == outline->flows.end())
        return report(
            misconfigured("flows.unknown", "flows.yaml has no flow \"" + flow + "\"" +
                                               plugin_host::did_you_mean(flow, outline->flows) +
                                               "; `carrick flows` lists them"));
    return request(app, "flows.allow", Json::object({{"flow", Json(flow)}}), [&flow](const Json&) {
        return "flow " + flow + " may go beyond its first_run_limit";
    });
}

}  // namespace carrick::app

// SPDX-License-Identifier: Apache-2.0
// `carrick sync order ID...`: some records now, and what became of them.
#include "core/app/commands.hpp"
#include "core/app/console.hpp"
#include "core/app/engine_session.hpp"
#include "core/app/requests.hpp"

#include "core/engine/demand_requests.hpp"
#include "core/plugin_host/nearest.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace carrick::app {

namespace {

/// What can be said without any engine: whether somebody knows the word, and the ids look right.
Result<void> check_words(const plugin_host::ManifestSet& plugins, const SyncOptions& options) {
    std::vector<std::string> nouns;
    for (const plugin_host::Manifest& plugin : plugins.manifests) {
        const plugin_host::StreamDeclaration* stream =
            plugin.stream_on(plugin_host::OnDemand::Keys);
        if (stream == nullptr) continue;
        nouns.push_back(stream->noun);
        if (stream->noun != options.noun) continue;
        for (const std::string& key : options.keys)
            if (!stream->is_key(key))
                return misconfigured("sync.key", "\"" + key.substr(0, 60) + "\" is no id of one " +
                                                     stream->noun + "; it has the form " +
                                                     stream->key_shape + ", where 9 is any digit");
        return {};
    }
    std::string all;
    for (const std::string& noun : nouns) all += (all.empty() ? "" : ", ") + noun;
    return misconfigured("sync.noun", "no source fetches a \"" + options.noun + "\" by itself" +
                                          plugin_host::did_you_mean(options.noun, nouns) +
                                          (all.empty() ? "" : "; there is: " + all));
}

store::EngineRequest request_of(const SyncOptions& options) {
    Json keys = Json::array();
    for (const std::string& key : options.keys) keys.push_back(Json(key));
    Json arguments = Json::object({{"noun", Json(options.noun)},
                                   {"keys", std::move(keys)},
                                   {"wait_ms", Json(std::int64_t{options.wait_s} * 1'000)}});
    if (!options.flow.empty()) arguments.set("flow", Json(options.flow));
    store::EngineRequest request;
    request.kind = "records.sync";
    request.arguments = arguments.dump();
    request.who = user_name();
    request.at = SystemClock().now();
    return request;
}

std::string place_of(const Json& flow) {
    const std::string& marketplace = flow["marketplace"].text();
    return flow["account"].text() + (marketplace.empty() ? "" : "/" + marketplace);
}

/// "done: salesOrder 17", "waiting for ... until ...", "failed: ... (code)".
std::string became(const Json& flow) {
    const std::string& state = flow["state"].text();
    std::string text = state;
    if (flow["earlier"].bool_if().value_or(false)) text += " earlier";
    std::string what;
    for (const JsonMember& id : flow["ids"].members())
        what += (what.empty() ? "" : ", ") + id.key + " " +
                (id.value.is_string() ? id.value.text() : id.value.dump());
    for (const char* key : {"reason", "message"})
        if (const std::string& said = flow[key].text(); !said.empty())
            what += (what.empty() ? "" : "; ") + said;
    if (!what.empty()) text += ": " + what;
    if (const std::string& code = flow["code"].text(); !code.empty()) text += " (" + code + ")";
    if (const std::string& when = flow["look_again_at"].text(); !when.empty())
        text += "; looked at again " + when;
    if (const std::string& deadline = flow["deadline"].text(); !deadline.empty())
        text += ", an error after " + deadline;
    if (const auto error = flow["error"].integer_if())
        text += "; `carrick errors retry " + std::to_string(*error) + "` when the cause is settled";
    return text;
}

std::string text_of(const std::string& noun, const Json& record) {
    Table table({noun + " " + record["key"].text(), "account", record["state"].text()},
                {false, false, false});
    for (const Json& flow : record["flows"].items())
        table.add({"  " + flow["flow"].text(), place_of(flow), became(flow)});
    // Where one account has it, that the others do not is no news.
    if (!record["found"].bool_if().value_or(false))
        for (const Json& refused : record["refused"].items())
            table.add({"  " + refused["flow"].text(), place_of(refused),
                       "not fetched: " + refused["message"].text() + " (" + refused["code"].text() +
                           ")"});
    return table.text();
}

int code_of(const Json& answer) {
    int code = kOk;
    for (const Json& record : answer["records"].items()) {
        if (record["state"].text() == "failed") return kFailed;
        if (record["state"].text() == "waiting") code = kWaiting;
    }
    return answer["complete"].bool_if().value_or(false) ? code : int{kFailed};
}

int print_answer(Application& app, const SyncOptions& options, const Json& answer) {
    if (app.options().json) print(answer.pretty() + "\n");
    if (const std::optional<Error> refused = refusal_of(answer)) return report(*refused);
    if (!app.options().json)
        for (const Json& record : answer["records"].items()) print(text_of(options.noun, record));
    if (!answer["complete"].bool_if().value_or(false))
        std::fprintf(stderr,
                     "error: not everything had come to an end after %d s; what was begun goes on "
                     "while an engine runs (sync.time_up)\n",
                     options.wait_s);
    return code_of(answer);
}

}  // namespace

int sync(Application& app, const SyncOptions& options) {
    install_signal_handlers();
    if (Result<void> checked = check_words(app.manifests(), options); !checked)
        return report(checked.error());
    const config::Config* config = app.configuration();
    if (config == nullptr) return kMisconfigured;
    const store::EngineRequest request = request_of(options);
    Result<std::unique_ptr<EngineSession>> session =
        EngineSession::open(app, *config, /*dry_run=*/false, [](engine::EngineSettings& settings) {
            settings.once = true;
            settings.demands_only = true;
        });
    if (!session && session.error().code == "store.locked") {
        const Result<Json> answer =
            post_to_engine(app, request, std::chrono::seconds(options.wait_s + 30));
        return answer ? print_answer(app, options, *answer) : report(answer.error());
    }
    if (!session) return report(session.error());

    std::mutex mutex;
    std::optional<Json> answer;
    const auto answered = [&] {
        const std::lock_guard lock(mutex);
        return answer.has_value();
    };
    const Result<void> begun = (*session)->engine().ask(request, [&](const std::string& text) {
        const std::lock_guard lock(mutex);
        answer = Json::parse(text).value_or(Json());
    });
    if (!begun) return report(begun.error());
    (*session)->start();
    while (!stop_requested() && !answered() &&
           !(*session)->wait_for(std::chrono::milliseconds(20))) {
    }
    const engine::RunnerEnd end = (*session)->stop();
    if (end.fatal) return report(*end.fatal);
    const int code = answered() ? print_answer(app, options, *answer)
                                : report(transient("sync.stopped", "stopped before the end"));
    if (end.hung_calls > 0) std::_Exit(finish_output(kFailed));
    return code;
}

}  // namespace carrick::app

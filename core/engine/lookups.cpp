// SPDX-License-Identifier: Apache-2.0
#include "core/engine/lookups.hpp"

#include <algorithm>

namespace carrick::engine {

namespace {

// A look-up of this many keys still fits any connector's query; more go out side by side.
constexpr std::size_t kKeysPerRequest = 200;

const CompiledLookup* find_lookup(const std::vector<CompiledLookup>& lookups,
                                  std::string_view name) {
    const auto found =
        std::find_if(lookups.begin(), lookups.end(),
                     [&](const CompiledLookup& lookup) { return lookup.declaration.name == name; });
    return found == lookups.end() ? nullptr : &*found;
}

/// The replies to the requests of one declared look-up, put together.
class Collector final : public connectors::ReplyHandler {
public:
    void on_reply(std::size_t, connectors::Reply reply) override {
        if (reply.status == connectors::ReplyStatus::Cancelled) {
            error = transient("engine.cancelled", "the look-up was cancelled before it was sent");
            return;
        }
        if (reply.status != connectors::ReplyStatus::Ok) {
            error = reply.error;
            return;
        }
        Result<Json> body = Json::parse(reply.body);
        if (!body) {
            error = bug("engine.lookup_answer",
                        "a look-up answered something that is not JSON: " + body.error().message);
            return;
        }
        for (const JsonMember& member : (*body)["found"].members())
            found.emplace(member.key, member.value.dump());
    }
    std::unordered_map<std::string, std::string> found;
    std::optional<Error> error;
};

Collector ask(const CompiledLookup& lookup, const std::vector<std::string>& keys,
              const connectors::CallContext& context) {
    std::vector<connectors::Request> requests;
    for (std::size_t at = 0; at < keys.size(); at += kKeysPerRequest) {
        Json body = lookup.request;
        Json list = Json::array();
        for (std::size_t i = at; i < std::min(keys.size(), at + kKeysPerRequest); ++i)
            list.push_back(Json(keys[i]));
        body.set("keys", std::move(list));
        requests.push_back({lookup.declaration.operation, body.dump()});
    }
    Collector collector;
    lookup.connection->connection->call(requests, context, collector);
    return collector;
}

}  // namespace

std::optional<std::string> LookupCache::find(const std::string& key, UtcTime now) const {
    const std::lock_guard lock(mutex_);
    const auto found = answers_.find(key);
    if (found == answers_.end() || now - found->second.at >= time_to_live_) return std::nullopt;
    return found->second.body;
}

void LookupCache::put(const std::string& key, std::string body, UtcTime now) {
    const std::lock_guard lock(mutex_);
    if (answers_.size() >= kLimit) answers_.clear();
    answers_[key] = {std::move(body), now};
}

std::string shadow_id(const std::string& external_id) {
    return "shadow:" + external_id;
}

void ShadowDocuments::add(const std::string& connection, const std::string& external_id) {
    const std::lock_guard lock(mutex_);
    documents_.insert(connection + '\n' + external_id);
}

bool ShadowDocuments::contains(const std::string& connection, const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return documents_.contains(connection + '\n' + key);
}

Json fill_settings(const Json& request, const Json& settings) {
    constexpr std::string_view kOpen = "${settings.";
    if (const std::string* text = request.string_if();
        text != nullptr && text->starts_with(kOpen) && text->ends_with('}')) {
        const Json* value = &settings;
        std::string_view path(*text);
        path = path.substr(kOpen.size(), path.size() - kOpen.size() - 1);
        while (!path.empty()) {
            const std::size_t dot = path.find('.');
            value = &(*value)[path.substr(0, dot)];
            path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
        }
        return *value;
    }
    Json filled = request;
    if (Json::Array* items = filled.items_if())
        for (Json& item : *items) item = fill_settings(item, settings);
    if (Json::Object* members = filled.members_if())
        for (JsonMember& member : *members) member.value = fill_settings(member.value, settings);
    return filled;
}

LookupAnswers run_lookups(const std::vector<CompiledLookup>& lookups,
                          std::vector<plugin_host::LookupRequest> requests,
                          const connectors::CallContext& context, LookupCache& cache,
                          const ShadowDocuments& shadow, UtcTime now) {
    LookupAnswers answers;
    answers.errors.resize(requests.size());
    for (plugin_host::LookupRequest& request : requests)
        answers.results.push_back(
            {request.record, std::move(request.name), std::move(request.key), false, {}, false});

    for (const CompiledLookup& lookup : lookups) {
        // Which keys must be asked for: those no cache answers, each once.
        std::vector<std::size_t> asking;
        std::vector<std::string> keys;
        for (std::size_t i = 0; i < requests.size(); ++i) {
            plugin_host::LookupResult& result = answers.results[i];
            if (result.name != lookup.declaration.name) continue;
            if (!requests[i].fresh)
                if (auto body = cache.find(lookup.cache_key + result.key, now)) {
                    result.found = true;
                    result.body = std::move(*body);
                    continue;
                }
            asking.push_back(i);
            keys.push_back(result.key);
        }
        if (keys.empty()) continue;
        std::sort(keys.begin(), keys.end());
        keys.erase(std::unique(keys.begin(), keys.end()), keys.end());

        const Collector collected = ask(lookup, keys, context);
        // An ambiguous answer is a mistake that somebody is about to mend.
        for (const auto& [key, body] : collected.found)
            if (body.find("\"ambiguous\"") == std::string::npos)
                cache.put(lookup.cache_key + key, body, now);
        for (const std::size_t i : asking) {
            plugin_host::LookupResult& result = answers.results[i];
            if (const auto found = collected.found.find(result.key);
                found != collected.found.end()) {
                result.found = true;
                result.body = found->second;
            } else if (collected.error) {
                answers.errors[i] = collected.error;
            } else if (!lookup.declaration.made_by_write.empty() && lookup.shadow &&
                       shadow.contains(lookup.connection_name, result.key)) {
                result.found = result.placeholder = true;
                result.body =
                    Json::object({{"id", Json(shadow_id(result.key))}, {"placeholder", Json(true)}})
                        .dump();
            }
        }
    }
    for (std::size_t i = 0; i < answers.results.size(); ++i)
        if (find_lookup(lookups, answers.results[i].name) == nullptr)
            answers.errors[i] = bug("engine.undeclared_lookup",
                                    "look-up \"" + answers.results[i].name +
                                        "\" does not stand in the plugin's manifest; declare it");
    return answers;
}

}  // namespace carrick::engine

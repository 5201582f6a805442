// SPDX-License-Identifier: Apache-2.0
// What the tests of the plugin host share: a folder that vanishes, a manifest in one line, a
// gateway that answers from memory.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>

namespace carrick::plugin_host {

class TempFolder {
public:
    TempFolder() {
        static std::atomic<int> count{0};
        path = std::filesystem::temp_directory_path() /
               ("carrick_host_" + std::to_string(getpid()) + "_" + std::to_string(count++));
        std::filesystem::create_directories(path);
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    std::filesystem::path write(const std::string& name, const std::string& text) const {
        std::ofstream(path / name, std::ios::binary) << text;
        return path / name;
    }

    std::filesystem::path path;
};

/// A whole manifest; `rest` begins with a comma.
inline std::string manifest_text(const std::string& name, const std::string& kind,
                                 const std::string& rest) {
    return R"({"name":")" + name +
           R"(","version":"1.0.0","summary":"A test.","vendor":"Carrick","licence":"Apache-2.0","abi":"0.1","kind":")" +
           kind + "\"" + rest + "}";
}

class FakeGateway final : public Gateway {
public:
    void call(std::string_view role, std::span<const connectors::Request> requests,
              std::span<const std::int64_t>, connectors::ReplyHandler& handler) override {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            sent.push_back(std::string(role) + " " + requests[i].operation + " " +
                           requests[i].body);
            if (swallow_replies) continue;
            handler.on_reply(i, answer);
            handler.on_tick();
        }
    }
    const connectors::Operation* operation(std::string_view, std::string_view name) override {
        const auto found = operations.find(name);
        return found == operations.end() ? nullptr : &found->second;
    }
    Result<std::vector<std::string>> links(std::string_view, std::string_view from) override {
        if (from == "broken") return transient("store.busy", "the store is busy");
        return std::vector<std::string>{"SO-" + std::string(from)};
    }
    bool cancelled() override { return is_cancelled; }
    UtcTime now() override { return UtcTime(1000); }
    UtcTime deadline() override { return UtcTime(9000); }
    void log(int level, std::string_view message) override {
        logged.push_back(std::to_string(level) + " " + std::string(message));
    }
    void progress() override { ++progress_calls; }

    void offer(const std::string& name, connectors::OperationKind kind) {
        operations[name] = {name, kind, "", Json(), Json()};
    }

    std::map<std::string, connectors::Operation, std::less<>> operations;
    connectors::Reply answer{connectors::ReplyStatus::Ok, R"({"id":"17"})", {}};
    bool swallow_replies = false;
    bool is_cancelled = false;
    std::vector<std::string> sent;
    std::vector<std::string> logged;
    int progress_calls = 0;
};

inline Json config_of(const std::string& flow) {
    return Json::object(
        {{"flow", flow}, {"origin", "NA1"}, {"partition", "US"}, {"settings", Json::object()}});
}

}  // namespace carrick::plugin_host

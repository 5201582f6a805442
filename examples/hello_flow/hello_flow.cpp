// SPDX-License-Identifier: Apache-2.0
// The smallest source: a greeting a page, until there were as many as the settings say.
#include <carrick/sdk/plugin.hpp>

#include <string>

namespace {

using carrick::Json;
using carrick::Result;
using carrick::sdk::Call;
using carrick::sdk::FlowConfig;
using carrick::sdk::PageEnd;

class HelloFlow {
public:
    HelloFlow(std::string greeting, std::int64_t count)
        : greeting_(std::move(greeting)), count_(count) {}

    // The checkpoint is all that survives between two pages: how many greetings were sent.
    Result<void> extract(Call& call, std::string_view /*stream*/, std::string_view checkpoint) {
        const Result<Json> sent = Json::parse(checkpoint.empty() ? "0" : checkpoint);
        if (!sent || !sent->integer_if())
            return carrick::bug("hello_flow.checkpoint", "the checkpoint is not a whole number");
        const std::int64_t number = *sent->integer_if() + 1;
        if (number > count_) {
            call.set_checkpoint(std::to_string(count_), PageEnd::Idle);
            return {};
        }
        const Json body = Json::object({{"greeting", greeting_}, {"number", number}});
        call.emit_record({.key = "hello-" + std::to_string(number),
                          .version = call.now(),
                          .event_time = call.now(),
                          .body = body});
        call.set_checkpoint(std::to_string(number), PageEnd::More);
        return {};
    }

private:
    std::string greeting_;
    std::int64_t count_;
};

Result<std::unique_ptr<HelloFlow>> make_hello_flow(const FlowConfig& config) {
    return std::make_unique<HelloFlow>(config.settings["greeting"].text_or("Hello"),
                                       config.settings["count"].integer_if().value_or(3));
}

}  // namespace

CARRICK_PLUGIN("hello_flow", "1.0.0", make_hello_flow)

// SPDX-License-Identifier: Apache-2.0
// A plugin whose stages throw, behind the glue.
#include <carrick/sdk/plugin.hpp>

#include <stdexcept>

namespace {

struct Throwing {
    void extract(carrick::sdk::Call& call, std::string_view stream, std::string_view) {
        if (stream == "number") throw 42;
        if (stream == "reply")
            call.call("source",
                      std::vector{carrick::sdk::Request::read("amazon.orders.search", "{}")},
                      [](std::size_t, const carrick::sdk::Reply&) {
                          throw std::runtime_error("thrown from a reply handler");
                      });
        throw std::runtime_error("thrown from extract");
    }
};

carrick::Result<std::unique_ptr<Throwing>> make(const carrick::sdk::FlowConfig& config) {
    if (config.flow == "refuse") throw std::runtime_error("thrown from create");
    return std::make_unique<Throwing>();
}

}  // namespace

CARRICK_PLUGIN("throwing_glue", "1.0.0", make)

// SPDX-License-Identifier: Apache-2.0
// CallScope: the time during which an instance is inside its plugin, visible to the watchdog.
#pragma once

#include "core/engine/instance.hpp"

namespace carrick::engine {

class CallScope {
public:
    explicit CallScope(Instance& instance) : instance_(instance) { instance_.begin_call(); }
    ~CallScope() { instance_.watch().end(); }
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;

private:
    Instance& instance_;
};

}  // namespace carrick::engine

// SPDX-License-Identifier: Apache-2.0
// Said: what the log has been told of a flow. The instances of a flow share most troubles (one
// account, one setting); a flow with twenty marketplaces must not say each of them twenty times.
#pragma once

#include "core/store/store.hpp"

#include <carrick/sdk/result.hpp>
#include <carrick/sdk/utc_time.hpp>

#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>

namespace carrick::engine {

/// The message without the place of the instance at its front ("flow orders in NA1/US: "), so that
/// equal troubles of several instances are equal texts.
[[nodiscard]] std::string without_place(const store::InstanceName& name,
                                        const std::string& message);

/// Thread-safe.
class Said {
public:
    /// True where this event was not said of this trouble of the flow within ten minutes.
    [[nodiscard]] bool first(std::string_view event, const store::InstanceName& name,
                             const Error& error, UtcTime now);

private:
    std::mutex mutex_;
    std::map<std::tuple<std::string, std::string, std::string, std::string>, UtcTime> at_;
};

}  // namespace carrick::engine

// SPDX-License-Identifier: Apache-2.0
// Asking an engine that runs beside this command.
#pragma once

#include "core/app/application.hpp"

#include <chrono>

namespace carrick::app {

/// Who asks, for the engine's books.
[[nodiscard]] std::string user_name();

/// Posts the request to the engine that has the store open, and waits for its answer. Where it does
/// not come in time, the request stays posted and the error says so.
[[nodiscard]] Result<Json> post_to_engine(Application& app, const store::EngineRequest& request,
                                          std::chrono::seconds patience);

/// An answer {"ok": false, "code", "message"} as an error; nothing for a good one.
[[nodiscard]] std::optional<Error> refusal_of(const Json& answer);

}  // namespace carrick::app

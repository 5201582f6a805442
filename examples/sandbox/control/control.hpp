// SPDX-License-Identifier: Apache-2.0
// The control API /_sandbox/: time, faults, switches, orders, statistics, verdict.
#pragma once

#include "examples/sandbox/sandbox.hpp"

namespace carrick::sandbox {

/// `request.path` is below /_sandbox.
///   GET  /state      GET /clock     GET /stats    GET /ledger   GET /catalogue   GET /truths
///   GET  /verdict    [?grace_s=600][&tip=include|exclude][&format=text]
///   POST /clock      {"speed_percent": 6000, "advance_s": 60, "advance_ms": 500}
///   POST /faults     {"profile": "rough"} or {"rules": [...]}
///   POST /switches   {"amazon.item_price": "gross_in_vat_stores"}
///   POST /orders     {"count": 5}
///   POST /reset
/// Errors are {"error": {"code", "message"}} with 400 or 404.
[[nodiscard]] Response control(Sandbox& sandbox, const Request& request);

}  // namespace carrick::sandbox

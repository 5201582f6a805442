// SPDX-License-Identifier: Apache-2.0
// Closes and locks accounting periods as the switches closed_through and ar_locked_through say.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/switches.hpp"

namespace carrick::sandbox::netsuite {

/// Besides the periods that the seed closed; a position that is taken back opens the others again.
/// Not thread-safe: the service locks it.
class PeriodLocks {
public:
    /// Writes the periods when a switch has moved since the last call.
    void keep(RecordStore& store, const Switches& switches);

private:
    std::string kept_ = "|";  ///< both positions as the periods have them
};

}  // namespace carrick::sandbox::netsuite

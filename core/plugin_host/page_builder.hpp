// SPDX-License-Identifier: Apache-2.0
// The engine's records, answers, payloads and so on as arrays of the ABI's structs. Everything
// borrows: it lives as long as what it was built from. The arrays are kept between calls, so a page
// costs no allocation once the largest was seen.
#pragma once

#include "core/plugin_host/flow_instance.hpp"

#include <vector>

namespace carrick::plugin_host {

class PageBuilder {
public:
    void set_records(std::span<const store::Record* const> from);
    void set_lookups(std::span<const LookupResult> from);
    void set_ledger(std::span<const LedgerView> from);
    void set_payloads(std::span<const Payload> from);
    void set_attempts(std::span<const AttemptView> from);
    void set_waits(std::span<const WaitView> from);

    std::vector<carrick_record> records;
    std::vector<carrick_lookup_result> lookups;
    std::vector<carrick_ledger_entry> ledger;
    std::vector<carrick_payload> payloads;
    std::vector<carrick_attempt> attempts;
    std::vector<carrick_wait> waits;

private:
    std::vector<char> hashes_;
};

}  // namespace carrick::plugin_host

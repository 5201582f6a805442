// SPDX-License-Identifier: Apache-2.0
// Does the world add up? Every importable order exactly once in NetSuite, with the right total,
// lines, customer and subsidiary, and nothing that should not be there.
#pragma once

#include "examples/sandbox/netsuite_view.hpp"
#include "examples/sandbox/world/world.hpp"

#include <map>
#include <string>
#include <vector>

namespace carrick::sandbox {

/// What becomes of the orders that Amazon ships.
enum class FbaDocuments {
    None,        ///< nothing: the flows cover merchant orders only
    SalesOrder,  ///< once paid
    Invoice,     ///< once shipped
    CashSale     ///< once shipped
};
enum class FbaGrain { Order, Shipment };
/// What becomes of an order that is cancelled or changes after it was imported.
enum class Aftermath {
    Either,   ///< followed or left as it was
    Followed  ///< closed; as it is now
};

/// What the flows that ran were set to do; the verdict judges that and nothing else.
struct VerdictOptions {
    /// An order importable for a shorter time than this may still be on its way.
    Milliseconds grace{std::chrono::minutes(10)};
    bool tip_included = false;  ///< the policy on delivery tips in flows.yaml
    FbaDocuments fba = FbaDocuments::None;
    FbaGrain fba_grain = FbaGrain::Order;
    bool fulfilled = false;  ///< sales orders of FBA orders are fulfilled as parcels leave
    Aftermath cancelled = Aftermath::Either;
    Aftermath changed = Aftermath::Either;
};

struct Problem {
    std::string code;  ///< "missing", "doubled", "forbidden", "total", "lines", "customer", ...
    std::string order_id;
    std::string message;
};

struct Verdict {
    bool adds_up = false;
    std::uint64_t checked = 0;       ///< orders looked at
    std::uint64_t required = 0;      ///< orders that must be there by now
    std::uint64_t imported = 0;      ///< of those, there and right
    std::uint64_t in_flight = 0;     ///< importable only just now and not there yet
    std::uint64_t documents = 0;     ///< sales orders in NetSuite
    std::uint64_t fba_required = 0;  ///< documents that FBA orders or parcels must have by now
    std::uint64_t fba_imported = 0;  ///< of those, there and right
    std::uint64_t fulfilments_required = 0;  ///< item fulfilments that parcels must have by now
    std::uint64_t fulfilments_right = 0;
    std::map<std::string, std::uint64_t> left_out;  ///< rightly not there, by reason
    std::map<std::string, std::uint64_t> imported_by_marketplace;
    std::vector<Problem> problems;

    [[nodiscard]] Json json() const;
    [[nodiscard]] std::string text() const;
};

[[nodiscard]] Verdict judge(const World& world, const NetSuiteView& netsuite,
                            const VerdictOptions& options);

}  // namespace carrick::sandbox

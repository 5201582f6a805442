// SPDX-License-Identifier: Apache-2.0
// A walk: pay or not, up to five happenings in between, an end or none.
#include "examples/sandbox/world/restless.hpp"

#include "examples/sandbox/world/changes.hpp"

#include <algorithm>

namespace carrick::sandbox {
namespace {

using namespace std::chrono_literals;

class Walk {
public:
    Walk(Order& order, UtcTime placed, Chance& chance)
        : order_(order), chance_(chance), time_(placed) {
        order_.events.push_back({placed, Happening::Placed});
    }

    void run() {
        wander(1);
        if (chance_.one_in(8)) return chance_.one_in(2) ? add(Happening::Cancelled) : void();
        add(Happening::Confirmed);
        wander(4);
        switch (chance_.below(4)) {
            case 0: return;
            case 1: return add(Happening::Cancelled);
            case 2:
                // Amazon's own parcels say themselves when a part has left.
                if (!order_.amazon_fulfilled) add(Happening::PartlyShipped);
                [[fallthrough]];
            default: add(Happening::Shipped);
        }
        if (chance_.one_in(4)) add(Happening::Touched);
    }

private:
    /// Seconds, minutes or hours later: within one poll, in the next, or long after.
    UtcTime later() {
        const Milliseconds span = chance_.one_in(3) ? Milliseconds(chance_.between(1, 30'000))
                                  : chance_.one_in(2)
                                      ? Milliseconds(chance_.between(1, 20)) * 60'000
                                      : Milliseconds(chance_.between(1, 6)) * 3'600'000;
        return time_ = time_ + span;
    }
    void add(Happening what) { order_.events.push_back({later(), what}); }

    void wander(std::int64_t most) {
        for (std::int64_t left = chance_.between(0, most); left > 0; --left) {
            if (chance_.one_in(4)) {
                add(chance_.one_in(2) ? Happening::Touched : Happening::CancelRequested);
                continue;
            }
            add(Happening::Revised);
            order_.revisions.push_back(changed());
        }
    }

    Revision changed() {
        Revision revision{time_, order_.lines, order_.address};
        if (!order_.revisions.empty()) {
            revision.lines = order_.revisions.back().lines;
            revision.address = order_.revisions.back().address;
        }
        const auto sold = [](const OrderLine& line) { return line.quantity > 0; };
        const auto several = [](const OrderLine& line) { return line.quantity > 1; };
        // An order that has lost its last line is a cancelled one, which is another happening.
        if (std::ranges::count_if(revision.lines, sold) > 1 && chance_.one_in(3)) {
            drop_line(*std::ranges::find_if(revision.lines, sold));
        } else if (const auto line = std::ranges::find_if(revision.lines, several);
                   line != revision.lines.end() && chance_.one_in(2)) {
            cut_quantity(*line);
        } else {
            move_house(revision.address, chance_.pick(places_in(order_.marketplace->code)));
        }
        return revision;
    }

    Order& order_;
    Chance& chance_;
    UtcTime time_;
};

}  // namespace

void add_restless_life(Order& order, UtcTime placed, Chance& chance) {
    Walk(order, placed, chance).run();
}

}  // namespace carrick::sandbox

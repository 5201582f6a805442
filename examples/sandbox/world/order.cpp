// SPDX-License-Identifier: Apache-2.0
// How an order's past decides its present.
#include "examples/sandbox/world/order.hpp"

namespace carrick::sandbox {

std::string_view status_text(Status status) {
    switch (status) {
        case Status::Pending: return "PENDING";
        case Status::Unshipped: return "UNSHIPPED";
        case Status::PartiallyShipped: return "PARTIALLY_SHIPPED";
        case Status::Shipped: return "SHIPPED";
        case Status::Cancelled: return "CANCELLED";
    }
    return "PENDING";
}

std::optional<OrderState> Order::at(UtcTime time) const {
    if (events.empty() || events.front().time > time) return std::nullopt;
    OrderState state;
    for (const Event& event : events) {
        if (event.time > time) break;
        state.last_updated = event.time;
        switch (event.what) {
            case Happening::Placed: state.status = Status::Pending; break;
            case Happening::Confirmed: state.status = Status::Unshipped; break;
            case Happening::Touched:
            case Happening::Revised: break;
            case Happening::CancelRequested: state.cancel_requested = true; break;
            case Happening::PartlyShipped:
                state.status = Status::PartiallyShipped;
                if (!state.first_shipped) state.first_shipped = event.time;
                break;
            case Happening::Shipped:
                state.status = Status::Shipped;
                state.shipped = event.time;
                if (!state.first_shipped) state.first_shipped = event.time;
                break;
            case Happening::Cancelled: state.status = Status::Cancelled; break;
        }
    }
    return state;
}

std::optional<UtcTime> Order::time_of(Happening what) const {
    for (const Event& event : events)
        if (event.what == what) return event.time;
    return std::nullopt;
}

Order revised(const Order& order, UtcTime time) {
    Order shown = order;
    for (const Revision& revision : order.revisions) {
        if (revision.time > time) break;
        shown.lines = revision.lines;
        shown.address = revision.address;
    }
    return shown;
}

}  // namespace carrick::sandbox

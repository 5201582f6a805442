// SPDX-License-Identifier: Apache-2.0
// What a flow does with an order that changes or is cancelled after its import, by its settings.
#pragma once

#include "plugins/shared/order_model/order.hpp"

#include <carrick/sdk/json.hpp>

#include <string>

namespace carrick::plugins {

enum class Changes { Ignore, Update };
enum class Cancellations {
    Ignore,
    Close,
    CloseUnlessPicking,  ///< what somebody is picking or packing is for a person
    Task                 ///< an entry in the error queue says what a person should do
};

struct FollowSettings {
    Changes changes = Changes::Ignore;
    Cancellations cancellations = Cancellations::Ignore;
    bool edit_adopted = false;  ///< orders that another tool or a person made, too

    [[nodiscard]] static FollowSettings parse(const Json& settings);
    /// Whether later versions of an order matter at all.
    [[nodiscard]] bool follows() const {
        return changes != Changes::Ignore || cancellations != Cancellations::Ignore;
    }
    [[nodiscard]] bool closes() const {
        return cancellations == Cancellations::Close ||
               cancellations == Cancellations::CloseUnlessPicking;
    }
};

/// What Amazon says of an order, as far as NetSuite books it: kept in the ledger, so that a version
/// which changes nothing of it leaves alone what people have edited since.
struct SeenOrder {
    std::string figures;  ///< of its lines, quantities and amounts; empty: not known
    std::string address;  ///< of its shipping address; empty where it has none

    [[nodiscard]] static SeenOrder of(const Order& order);
    /// Of text(); unknown where it is none.
    [[nodiscard]] static SeenOrder parse(const std::string& text);
    [[nodiscard]] std::string text() const { return figures + "." + address; }
    [[nodiscard]] bool is_known() const { return !figures.empty(); }
};

/// What the ledger knows of an order from earlier versions.
struct ImportedOrder {
    std::string id;  ///< of its document; empty: never imported, as far as anybody remembers
    SeenOrder seen;
    bool other_kind = false;  ///< it became a document of another kind, by earlier settings
    bool by_hand = false;     ///< a person has settled it (`carrick errors resolve`)

    [[nodiscard]] static ImportedOrder parse(const Json& target_ids, std::string_view record_type);
    [[nodiscard]] bool exists() const { return !id.empty(); }
};

}  // namespace carrick::plugins

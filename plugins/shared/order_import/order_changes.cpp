// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_changes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

namespace carrick::plugins {

namespace {

/// A discount line that the order should have.
struct WantedDiscount {
    std::string item;
    Decimal amount;
};

/// A line that the order should have, with the discounts below it.
struct Wanted {
    std::string item;
    std::string order_item;  ///< Amazon's; empty for charges
    Decimal quantity;        ///< 0: cancelled
    Decimal amount;
    Json rate;
    std::vector<WantedDiscount> discounts;
};

/// A line that the order has, with the discounts below it.
struct Block {
    const PlacedLine* main = nullptr;
    std::vector<const PlacedLine*> discounts;
};

Decimal number(const Json& value) {
    return value.decimal_if().value_or(Decimal());
}

std::vector<Wanted> wanted_lines(const OrderNow& now) {
    std::vector<Wanted> charges;
    std::vector<Wanted> lines;
    for (const Json& line : now.document["item"]["items"].items()) {
        const std::string& item = line["item"]["id"].text();
        if (line["quantity"].is_null() && !lines.empty())
            lines.back().discounts.push_back({item, number(line["amount"])});
        else
            lines.push_back(
                {item, {}, number(line["quantity"]), number(line["amount"]), line["rate"], {}});
    }
    // The document begins with the order's lines that are left, in Amazon's order.
    std::vector<Wanted> all;
    std::size_t next = 0;
    for (const OrderLine& line : now.order.lines) {
        if (line.quantity > 0 && next < lines.size()) {
            all.push_back(std::move(lines[next++]));
        } else {
            const auto item = now.references.items.find(line.sku.text);
            all.push_back({item == now.references.items.end() ? std::string() : item->second,
                           {},
                           Decimal(),
                           Decimal(),
                           Json(),
                           {}});
        }
        all.back().order_item = line.id.text;
    }
    for (; next < lines.size(); ++next) all.push_back(std::move(lines[next]));
    return all;
}

std::vector<Block> blocks_of(const PlacedOrder& placed) {
    std::vector<Block> blocks;
    for (const PlacedLine& line : placed.lines) {
        if (line.is_discount && !blocks.empty())
            blocks.back().discounts.push_back(&line);
        else
            blocks.push_back({&line, {}});
    }
    return blocks;
}

Json keyed(const PlacedLine& line) {
    // A level other than Custom would put its own price over ours.
    return Json::object(
        {{"line", Json::number_token(line.line)}, {"price", Json::object({{"id", Json("-1")}})}});
}

/// Builds the edit; the first problem ends it.
class Editor {
public:
    Editor(const OrderNow& now, const PlacedOrder& placed, const OrderSettings& settings,
           const FollowSettings& follow)
        : now_(now),
          placed_(placed),
          settings_(settings),
          follow_(follow),
          wanted_(wanted_lines(now)),
          blocks_(blocks_of(placed)) {}

    OrderEdit run() {
        for (const auto& [item, wanted] : by_item()) match(item, wanted);
        for (const Block& block : blocks_)
            if (!paired_.contains(block.main) && is_charge(block.main->item)) clear(block, false);
        set_header_discount();
        check_tax_details();
        if (!problem_) check_total();
        if (!problem_) set_address();
        if (!problem_ && !edit_.empty() && placed_.is_closed())
            fail("order.change_closed",
                 "it is " + std::string(placed_.status == "C" ? "cancelled" : "closed") +
                     " there: reopen it, and retry");
        edit_.problem = problem_;
        if (!lines_.empty()) {
            // Lines stand in NetSuite's order, whatever order they were found in.
            Json items = Json::array();
            for (const PlacedLine& line : placed_.lines)
                if (const auto found = lines_.find(line.line); found != lines_.end())
                    items.push_back(found->second);
            edit_.body.set("item", Json::object({{"items", std::move(items)}}));
        }
        return std::move(edit_);
    }

private:
    using Group = std::vector<const Wanted*>;

    /// Wanted lines by NetSuite item, in their order. A cancelled line whose SKU names no item any
    /// more is found by its order item id, or not at all.
    [[nodiscard]] std::map<std::string, Group> by_item() const {
        std::map<std::string, Group> groups;
        for (const Wanted& wanted : wanted_) groups[wanted.item].push_back(&wanted);
        return groups;
    }

    [[nodiscard]] bool is_charge(const std::string& item) const {
        const OrderSettings::Items& items = settings_.items;
        const std::array<const std::string*, 8> charges{
            &items.shipping,     &items.gift_wrap, &items.cod_fee,         &items.other,
            &items.delivery_tip, &items.tax,       &items.facilitator_tax, &items.rounding};
        const std::vector<TaxRule>& rules = settings_.tax.codes;
        return std::any_of(charges.begin(), charges.end(),
                           [&](const std::string* each) { return *each == item; }) ||
               std::any_of(rules.begin(), rules.end(),
                           [&](const TaxRule& rule) { return rule.item == item; });
    }

    void match(const std::string& item, Group wanted) {
        std::vector<const Block*> there;
        for (const Block& block : blocks_)
            if (!paired_.contains(block.main) && block.main->item == item) there.push_back(&block);
        // Amazon's own name of the line settles it, wherever a field keeps it.
        std::erase_if(wanted, [&](const Wanted* each) {
            if (each->order_item.empty()) return false;
            const auto own = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& block) {
                return block.main->order_item == each->order_item;
            });
            if (own == blocks_.end()) return false;
            std::erase(there, &*own);
            pair(*each, *own);
            return true;
        });
        Group left;
        for (const Wanted* each : wanted)
            if (!each->quantity.is_zero()) left.push_back(each);
        if (there.size() == wanted.size()) return pair_all(wanted, there);
        // A line that was cancelled before the import never came here.
        if (there.size() == left.size()) return pair_all(left, there);
        // All that came here of this item is cancelled by now, whichever of the lines it was.
        if (left.empty() && there.size() < wanted.size()) {
            wanted.resize(there.size());
            return pair_all(wanted, there);
        }
        // What vanished of a charge is cleared with those that nothing asks for.
        if (left.size() < there.size() && is_charge(item)) {
            there.resize(left.size());
            return pair_all(left, there);
        }
        (left.size() < there.size() ? edit_.cancels : edit_.alters) = true;
        fail("order.change_unfit", "it has " + std::to_string(there.size()) + " lines of item " +
                                       item + " and the order " + std::to_string(left.size()) +
                                       ": change it there as Amazon shows the order, and retry");
    }

    void pair_all(const Group& wanted, const std::vector<const Block*>& there) {
        for (std::size_t i = 0; i < there.size(); ++i) pair(*wanted[i], *there[i]);
    }

    void pair(const Wanted& wanted, const Block& block) {
        paired_.insert(block.main);
        if (wanted.quantity.is_zero()) return clear(block, true);
        const PlacedLine& line = *block.main;
        const bool same = line.quantity == wanted.quantity && line.amount == wanted.amount;
        if (!same) {
            const bool cuts = !wanted.order_item.empty() && wanted.quantity < line.quantity;
            (cuts ? edit_.cuts : edit_.alters) = true;
            if (!touch(line, line, cuts)) return;
            Json change = keyed(line);
            change.set("quantity", Json(wanted.quantity));
            change.set("amount", Json(wanted.amount));
            if (!wanted.rate.is_null()) change.set("rate", wanted.rate);
            if (line.closed) {
                // A charge that was gone is back; goods that somebody closed are theirs to open.
                if (!wanted.order_item.empty())
                    return fail("order.change_unfit",
                                "line " + line.line +
                                    " is closed there, and Amazon has changed it: change it by "
                                    "hand, and retry");
                change.set("isClosed", Json(false));
            }
            put(line, std::move(change), wanted.amount);
        }
        pair_discounts(wanted.discounts, block);
    }

    void pair_discounts(std::vector<WantedDiscount> wanted, const Block& block) {
        for (const PlacedLine* line : block.discounts) {
            const auto own =
                std::find_if(wanted.begin(), wanted.end(),
                             [&](const WantedDiscount& each) { return each.item == line->item; });
            if (own == wanted.end()) {
                set_discount(*line, Decimal(), *block.main);
                continue;
            }
            set_discount(*line, own->amount, *block.main);
            wanted.erase(own);
        }
        if (wanted.empty()) return;
        edit_.alters = true;
        fail("order.change_unfit",
             "line " + block.main->line + " needs a discount line of " +
                 wanted.front().amount.text() +
                 " below it: add it there, or change the order by hand, and retry");
    }

    void set_discount(const PlacedLine& line, const Decimal& amount, const PlacedLine& main) {
        if (line.amount == amount) return;
        edit_.alters = true;
        if (!touch(line, main, true)) return;
        Json change = keyed(line);
        change.set("rate", Json(amount));
        change.set("amount", Json(amount));
        put(line, std::move(change), amount);
    }

    /// A line that is wanted no more stays as a trace of itself: closed, and worth nothing.
    void clear(const Block& block, bool cancelled) {
        const PlacedLine& line = *block.main;
        if (!line.closed || !line.amount.is_zero()) {
            // Somebody who closed it has done what matters; its amount is only the sum's affair.
            (cancelled && !line.closed ? edit_.cancels : edit_.alters) = true;
            if (!touch(line, line, cancelled)) return;
            Json change = keyed(line);
            change.set("rate", Json(Decimal()));
            change.set("amount", Json(Decimal()));
            change.set("isClosed", Json(true));
            put(line, std::move(change), Decimal());
        }
        for (const PlacedLine* discount : block.discounts) set_discount(*discount, Decimal(), line);
    }

    /// Whether a line may still be changed. `main` is the line whose goods it is about.
    bool touch(const PlacedLine& line, const PlacedLine& main, bool cancels) {
        if (main.has_moved()) {
            fail("order.change_after_fulfilment",
                 "line " + line.line + " would change, of which " + main.fulfilled.text() +
                     " is shipped and " + main.billed.text() +
                     " billed: bring it there to what Amazon shows, and retry");
            return false;
        }
        const bool may = cancels && follow_.cancellations == Cancellations::Close;
        if (!main.picked.is_zero() && !may) {
            fail("order.cancelled_while_picking",
                 "line " + line.line + " would change, of which " + main.picked.text() +
                     " is picked: stop the picking there, and retry");
            return false;
        }
        return true;
    }

    void put(const PlacedLine& line, Json change, const Decimal& amount) {
        lines_.insert_or_assign(line.line, std::move(change));
        amounts_.insert_or_assign(line.line, amount);
    }

    void set_header_discount() {
        const Decimal wanted = number(now_.document["discountRate"]);
        if (wanted == placed_.header_discount.value_or(Decimal())) return;
        edit_.alters = true;
        edit_.body.set("discountRate", Json(wanted));
        if (!now_.document["discountItem"].is_null())
            edit_.body.set("discountItem", now_.document["discountItem"]);
    }

    /// Tax details belong to lines by names that are given anew for each document.
    void check_tax_details() {
        if (edit_.empty() || now_.document["taxDetails"]["items"].empty()) return;
        fail("order.change_unfit",
             "its tax stands in tax details, which are not changed from outside: change lines and "
             "details there as Amazon shows the order, and retry");
    }

    /// The sum of all lines as they will be, ours or not.
    void check_total() {
        Decimal total = number(now_.document["discountRate"]);
        for (const Json& detail : now_.document["taxDetails"]["items"].items())
            total = total.plus(number(detail["taxAmount"])).value_or(total);
        for (const PlacedLine& line : placed_.lines) {
            const auto changed = amounts_.find(line.line);
            const Decimal& amount = changed == amounts_.end() ? line.amount : changed->second;
            const Result<Decimal> sum = total.plus(amount);
            if (!sum) return fail("order.change_unfit", "its amounts are too large to add up");
            total = *sum;
        }
        if (total == now_.expected.amount()) return;
        edit_.alters = true;
        fail("order.change_unfit",
             "it would add up to " + total.text() + " and the customer owes " +
                 now_.expected.text() +
                 ", because its lines are no longer those that were imported: change it there "
                 "as Amazon shows the order, and retry");
    }

    /// What somebody packs already goes where it goes; the delivery tells a person, who may see to
    /// it. So an address holds up nothing else.
    void set_address() {
        const Json& address = now_.document["shippingAddress"];
        if (!now_.new_address || !address.is_object() || placed_.is_closed() ||
            now_.order.status != FulfillmentStatus::Unshipped)
            return;
        for (const PlacedLine& line : placed_.lines)
            if (!line.fulfilled.is_zero() || !line.picked.is_zero()) return;
        edit_.readdresses = true;
        Json whole = address;
        // A PATCH keeps what it does not name: a second address line would outlive its address.
        for (const char* part : {"addressee", "attention", "addr1", "addr2", "addr3", "city",
                                 "state", "zip", "addrPhone"})
            if (!whole.contains(part)) whole.set(part, Json());
        edit_.body.set("shippingAddress", std::move(whole));
    }

    void fail(const char* code, const std::string& why) {
        if (!problem_)
            problem_ = rejected(code,
                                "order " + now_.order.id.text +
                                    " has changed at Amazon after its import; sales order " +
                                    placed_.id + " was left as it is: " + why,
                                "item");
    }

    const OrderNow& now_;
    const PlacedOrder& placed_;
    const OrderSettings& settings_;
    const FollowSettings& follow_;
    const std::vector<Wanted> wanted_;
    const std::vector<Block> blocks_;
    std::set<const PlacedLine*> paired_;
    std::map<std::string, Json> lines_;       // by line key
    std::map<std::string, Decimal> amounts_;  // what changed lines will be worth
    OrderEdit edit_;
    std::optional<Error> problem_;
};

}  // namespace

OrderEdit edit_of(const OrderNow& now, const PlacedOrder& placed, const OrderSettings& settings,
                  const FollowSettings& follow) {
    return Editor(now, placed, settings, follow).run();
}

OrderEdit closing_of(const std::string& order_id, const PlacedOrder& placed,
                     const FollowSettings& follow) {
    const std::string what = "order " + order_id +
                             " was cancelled at Amazon after its import; sales order " + placed.id +
                             " was left open: line ";
    OrderEdit edit;
    Json lines = Json::array();
    for (const PlacedLine& line : placed.lines) {
        // What somebody has closed is settled, whatever had left before.
        if (line.is_discount || line.closed) continue;
        if (line.has_moved() && !edit.problem)
            edit.problem =
                rejected("order.change_after_fulfilment",
                         what + line.line + " has " + line.fulfilled.text() + " shipped and " +
                             line.billed.text() +
                             " billed; settle that, close the order's lines there, and retry");
        if (!line.picked.is_zero() && !edit.problem &&
            follow.cancellations == Cancellations::CloseUnlessPicking)
            edit.problem = rejected("order.cancelled_while_picking",
                                    what + line.line + " has " + line.picked.text() +
                                        " picked; stop the picking there, and retry");
        lines.push_back(
            Json::object({{"line", Json::number_token(line.line)}, {"isClosed", Json(true)}}));
    }
    edit.cancels = !lines.empty();
    if (edit.cancels) edit.body.set("item", Json::object({{"items", std::move(lines)}}));
    return edit;
}

Error cancellation_task(const std::string& order_id, const PlacedOrder& placed, bool whole) {
    return rejected("order.cancelled_after_import",
                    "order " + order_id + (whole ? " was" : " was partly") +
                        " cancelled at Amazon after its import: do not ship it, " +
                        (whole ? "close" : "change") + " sales order " + placed.id +
                        " in NetSuite as Amazon shows it, and retry");
}

}  // namespace carrick::plugins

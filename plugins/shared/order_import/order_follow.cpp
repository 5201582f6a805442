// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/order_import/order_follow.hpp"

#include "plugins/shared/order_import/order_documents.hpp"
#include "plugins/shared/order_model/address.hpp"

#include <carrick/sdk/sha256.hpp>

namespace carrick::plugins {

namespace {

std::string figures_of(const Order& order) {
    // Each part with its length, so that no two orders write the same text.
    std::string text;
    const auto add = [&text](const std::string& part) {
        text += std::to_string(part.size()) + ":" + part;
    };
    add(order.delivery_tip.text());
    for (const OrderLine& line : order.lines) {
        add(line.id.text);
        add(line.sku.text);
        add(std::to_string(line.quantity));
        if (line.quantity == 0) continue;  // a cancelled line's amounts come and go
        add(line.facilitator ? "F" : "");
        for (const Money LineProceeds::*part :
             {&LineProceeds::item, &LineProceeds::shipping, &LineProceeds::gift_wrap,
              &LineProceeds::cod_fee, &LineProceeds::other, &LineProceeds::item_discount,
              &LineProceeds::shipping_discount, &LineProceeds::tax})
            add((line.proceeds.*part).text());
    }
    return detail::base32(detail::sha256(text), 16);
}

/// In NetSuite's spelling, so that Amazon's sources agree; without the phone, which some leave out.
/// Four characters: enough to see that an address is another one, far too few to tell whose it is;
/// the ledger holds no personal data, and the hash of an address that can be guessed is one.
std::string address_of(const Order& order) {
    if (order.ship_to.empty()) return {};
    Result<Json> address = to_netsuite_address(order.ship_to, "order " + order.id.text);
    if (!address) return {};
    address->erase("addrPhone");
    return detail::base32(detail::sha256(address->dump()), 4);
}

}  // namespace

FollowSettings FollowSettings::parse(const Json& settings) {
    const std::string& cancellations = settings["cancellations"].text();
    FollowSettings result;
    if (settings["changes"].text() == "update") result.changes = Changes::Update;
    if (cancellations == "close") result.cancellations = Cancellations::Close;
    if (cancellations == "close_unless_picking")
        result.cancellations = Cancellations::CloseUnlessPicking;
    if (cancellations == "task") result.cancellations = Cancellations::Task;
    result.edit_adopted = settings["adopt"]["edit"].bool_if().value_or(false);
    return result;
}

SeenOrder SeenOrder::of(const Order& order) {
    return {figures_of(order), address_of(order)};
}

SeenOrder SeenOrder::parse(const std::string& text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string::npos) return {};
    return {text.substr(0, dot), text.substr(dot + 1)};
}

ImportedOrder ImportedOrder::parse(const Json& target_ids, std::string_view record_type) {
    ImportedOrder order{target_ids[record_type].text(), SeenOrder::parse(target_ids["seen"].text()),
                        false, target_ids.contains("resolved")};
    for (const DocumentForm& form : kDocumentForms)
        order.other_kind |=
            form.record_type != record_type && target_ids.contains(form.record_type);
    return order;
}

}  // namespace carrick::plugins

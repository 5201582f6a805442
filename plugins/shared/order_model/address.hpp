// SPDX-License-Identifier: Apache-2.0
// Addresses: from Amazon's form, which differs from country to country, into NetSuite's.
#pragma once

#include "plugins/shared/order_model/countries.hpp"
#include "plugins/shared/order_model/order.hpp"
#include "plugins/shared/order_model/states.hpp"

#include <functional>
#include <map>
#include <string>

namespace carrick::plugins {

/// Source: Orders API 2026-01-01, recipient.deliveryAddress. Line 1 may be empty with the street in
/// line 2 (seen in the field). Brazil states street, number, complement and quarter apart, Mexico
/// colonia and municipality: what no line says already is added, the quarters as `district`.
[[nodiscard]] Address parse_address(const Json& json);

/// What differs between NetSuite accounts. The defaults are an account that nobody has changed.
struct AddressStyle {
    /// For countries where it is not default_state_style, e.g. {"BR", {StateForm::Name, true}} for
    /// an account that has added a list of Brazil's states by name.
    std::map<std::string, StateStyle, std::less<>> states;
    /// AlsoOutsideVat: an order to Las Palmas has the country IC, not ES as Amazon says.
    TerritoryRule territories = TerritoryRule::Always;
};

/// NetSuite's address subrecord: {addressee, attention, addr1, addr2, addr3, city, state, zip,
/// country: {id}, addrPhone}. A field that Amazon does not give is absent (FBA: only city, state,
/// postal code and country), none is made up.
/// Text is cleaned (clean_text), countries, states and postal codes have one spelling each;
/// Japanese and Arabic stay. Nothing is cut silently: what is longer than a field flows over into
/// the next address line; so do a district outside the US, for which NetSuite has no field, and a
/// state that is not on NetSuite's list of its country. Only a phone number too long for its field,
/// even without blanks and hyphens, is left out: it is a help to the carrier, not worth an order.
/// Errors   Rejected `order.address_length`: the address does not fit into three lines of 150;
///          `order.address_country`: the country is no two-letter code and no name known here.
[[nodiscard]] Result<Json> to_netsuite_address(const Address& raw, const std::string& where,
                                               const AddressStyle& style = {});

}  // namespace carrick::plugins

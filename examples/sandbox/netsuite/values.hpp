// SPDX-License-Identifier: Apache-2.0
// From what a request sends to canonical values: names, types, lengths and references checked.
#pragma once

#include "examples/sandbox/netsuite/record_store.hpp"
#include "examples/sandbox/netsuite/refusal.hpp"

#include <string>
#include <vector>

namespace carrick::sandbox::netsuite {

/// X-NetSuite-PropertyNameValidation.
enum class NameCheck { Error, Warning, Ignore };
/// What happens to characters outside the Basic Multilingual Plane (emoji).
enum class FourByteText { Refuse, Strip, Accept };

struct ReadingRules {
    NameCheck names = NameCheck::Warning;
    FourByteText four_byte = FourByteText::Refuse;
    bool bare_references = true;  ///< "110" or 110 where {"id": "110"} is meant
    bool legacy_tax = false;      ///< the SuiteTax fields do not exist
    bool amazon_fields = true;    ///< the fields custbody_amz_... exist
    UtcTime now;                  ///< references to records not yet visible do not resolve
};

/// The record's body as canonical values; `null` stays where the request clears a field. Read-only
/// properties are dropped. Throws Refusal. `warnings` takes the names that are unknown.
[[nodiscard]] Json read_body(const Json& body, const RecordType& type, const RecordStore& store,
                             const ReadingRules& rules, std::vector<std::string>& warnings);

/// The id of the record that a reference names. Throws Refusal.
[[nodiscard]] std::string resolve_reference(const Json& value, const Field& field,
                                            const std::string& path, const RecordStore& store,
                                            const ReadingRules& rules);

/// True where the record is set up to be used by that subsidiary (multi-select `subsidiary`).
[[nodiscard]] bool offered_in(const Record& record, const std::string& subsidiary,
                              const RecordStore& store);

}  // namespace carrick::sandbox::netsuite

// SPDX-License-Identifier: Apache-2.0
// The table of record types that the sandbox offers; a new type is new rows here.
#pragma once

#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite {

/// Field lists are words "name:kind": t text, d date, dt date-time, n number, p number or
/// percentage, i integer, b boolean, r=TARGET reference, e=ID-Label|... enumeration, m=TARGET
/// multi-select, s sublist, a address; then /N for at most N characters, ! for read-only.
struct SublistSpec {
    std::string_view name;
    std::string_view fields;
    std::string_view existing_key;
    std::string_view new_key;
    bool mandatory;
};

struct TypeSpec {
    std::string_view name;
    std::string_view title;
    std::string_view family;
    std::string_view code;
    std::string_view display;
    bool writable;
    std::string_view shared_fields;
    std::string_view fields;
    std::vector<SublistSpec> sublists;
};

[[nodiscard]] const std::vector<TypeSpec>& record_type_table();

extern const std::string_view kAddressFields;

}  // namespace carrick::sandbox::netsuite

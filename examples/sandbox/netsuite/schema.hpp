// SPDX-License-Identifier: Apache-2.0
// Schema: which record types this account has, their fields, sublists and custom fields.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace carrick::sandbox::netsuite {

enum class FieldKind {
    Text,
    Date,
    DateTime,
    Number,
    Percentage,  ///< a number, or text that ends in %
    Integer,
    Boolean,
    Reference,
    Enumeration,
    References,  ///< multi-select: {"items": [{"id": ...}]}
    Sublist,
    Address,  ///< the one subrecord: an address
};

struct Field {
    std::string name;
    FieldKind kind = FieldKind::Text;
    std::string target{};               ///< of references: a record type or a family ("item")
    std::vector<std::string> values{};  ///< of enumerations: ids ...
    std::vector<std::string> labels{};  ///< ... and what people read
    std::size_t limit = 0;              ///< characters; 0 = unlimited
    bool read_only = false;
    bool custom = false;

    [[nodiscard]] std::string label_of(std::string_view value) const;
};

struct Sublist {
    std::string name;
    std::vector<Field> fields;
    std::vector<std::string> existing_key;  ///< x-ns-sublistkey; empty: not keyed
    std::vector<std::string> new_key;
    bool mandatory = false;

    [[nodiscard]] const Field* field(std::string_view name) const;
};

struct RecordType {
    std::string name;    ///< as in URLs: "salesOrder"
    std::string title;   ///< "Sales Order"
    std::string family;  ///< what shares ids and external ids: "transaction", "entity", "item", ...
    std::string code;    ///< SuiteQL: transaction.type or item.itemtype
    std::string display;        ///< the field people know a record by
    bool writable = true;       ///< over REST; the rest is set up by an administrator
    std::vector<Field> fields;  ///< sorted by name
    std::vector<Sublist> sublists;

    /// Names are matched without regard to case, as NetSuite mostly does.
    [[nodiscard]] const Field* field(std::string_view name) const;
    [[nodiscard]] const Sublist* sublist(std::string_view name) const;
};

/// A field that this account's administrator added.
struct CustomField {
    std::string script_id;  ///< "custbody_amz_order_id"; the prefix says where it belongs
    FieldKind kind = FieldKind::Text;
    std::string target{};
};

class Schema {
public:
    explicit Schema(const std::vector<CustomField>& custom_fields);

    [[nodiscard]] const RecordType* find(std::string_view name) const;
    [[nodiscard]] const std::vector<RecordType>& types() const { return types_; }
    /// Whether a reference to `target` may point to a record of `type`.
    [[nodiscard]] static bool fits(const RecordType& type, std::string_view target);
    [[nodiscard]] static std::string_view family_of(std::string_view target, const Schema& schema);

private:
    void add_custom_field(const CustomField& custom);

    std::vector<RecordType> types_;
};

/// The fields of an address subrecord.
[[nodiscard]] const std::vector<Field>& address_fields();

/// What a new SuiteApp, Celigo's and NetSuite's own connector bring along; the default account.
[[nodiscard]] std::vector<CustomField> default_custom_fields();

/// True for the body fields that a connector for Amazon orders brings along (custbody_amz_...);
/// switch netsuite.amazon_fields.
[[nodiscard]] bool is_amazon_field(std::string_view name);

}  // namespace carrick::sandbox::netsuite

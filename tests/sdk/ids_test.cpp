// SPDX-License-Identifier: Apache-2.0
// Test vectors of the external ids. They may never change: documents in customers' NetSuite
// accounts carry them. The hashed ones were computed with sha256sum and base32 of coreutils:
//   printf '%s' 'a b' | sha256sum | xxd -r -p | base32 | cut -c1-26
#include <carrick/sdk/ids.hpp>

#include <catch2/catch.hpp>

#include <set>

using carrick::DocumentKind;
using carrick::external_id;

TEST_CASE("external ids are built from kind, account and source", "[ids]") {
    CHECK(external_id(DocumentKind::SalesOrder, "NA1", "112-1234567-1234567").value() ==
          "AMZ-SO-NA1-112-1234567-1234567");
    CHECK(external_id(DocumentKind::ItemFulfillment, "NA1", "112-1234567-1234567", "1").value() ==
          "AMZ-IF-NA1-112-1234567-1234567-1");
    CHECK(external_id(DocumentKind::Customer, "EU1", "DE").value() == "AMZ-C-EU1-DE");
    CHECK(external_id(DocumentKind::JournalEntry, "EU1", "25625364862", "2026-11").value() ==
          "AMZ-JE-EU1-25625364862-2026-11");
    CHECK(external_id(DocumentKind::JournalEntry, "EU1", "25625364862", "p2").value() ==
          "AMZ-JE-EU1-25625364862-p2");
}

TEST_CASE("a source id with other characters is replaced whole, so that no two become one",
          "[ids]") {
    CHECK(external_id(DocumentKind::Customer, "NA1", "a b").value() ==
          "AMZ-C-NA1-ZBUHUCFKLVXNEBCDFD5GU2L2XD");
    CHECK(external_id(DocumentKind::Customer, "NA1", "a/b").value() !=
          external_id(DocumentKind::Customer, "NA1", "a:b").value());
    CHECK(external_id(DocumentKind::Customer, "NA1", "a_b").value() == "AMZ-C-NA1-a_b");
}

TEST_CASE("an id is never longer than 60 characters, and long ones stay distinct", "[ids]") {
    const std::string prefix(60, '7');
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string id =
            external_id(DocumentKind::SalesOrder, "NA1", prefix + std::to_string(i)).value();
        CHECK(id.size() == 60);
        CHECK(id.substr(0, 38) == "AMZ-SO-NA1-77777777777777777777777777-");
        seen.insert(id);
    }
    CHECK(seen.size() == 100);
    CHECK(external_id(DocumentKind::SalesOrder, "NA1", std::string(49, '1')).value().size() == 60);
    CHECK(external_id(DocumentKind::SalesOrder, "NA1", std::string(49, '1')).value() ==
          "AMZ-SO-NA1-" + std::string(49, '1'));
}

TEST_CASE("an account id, a source or a part that cannot stand in an id is refused", "[ids]") {
    CHECK(external_id(DocumentKind::SalesOrder, "na1", "1").error().code == "id.account");
    CHECK(external_id(DocumentKind::SalesOrder, "N", "1").error().code == "id.account");
    CHECK(external_id(DocumentKind::SalesOrder, "SELLER123", "1").error().code == "id.account");
    CHECK(external_id(DocumentKind::SalesOrder, "N-A", "1").error().error_class ==
          carrick::ErrorClass::Misconfigured);
    CHECK(external_id(DocumentKind::SalesOrder, "NA1", "").error().code == "id.source");
    CHECK(external_id(DocumentKind::SalesOrder, "NA1", "1", "a b").error().code == "id.part");
}

TEST_CASE("each kind has its own code", "[ids]") {
    std::set<std::string_view> codes;
    for (int kind = 0; kind <= static_cast<int>(DocumentKind::Settlement); ++kind)
        codes.insert(carrick::document_code(static_cast<DocumentKind>(kind)));
    CHECK(codes == std::set<std::string_view>{"C", "SO", "IF", "IV", "CS", "PY", "CM", "CR", "DP",
                                              "JE", "RA", "IR", "IA", "TO", "ST", "SL"});
}

TEST_CASE("SHA-256 gives the digests of FIPS 180-4", "[ids]") {
    const auto hex = [](std::string_view text) {
        std::string out;
        for (const std::uint8_t byte : carrick::detail::sha256(text)) {
            constexpr std::string_view kDigits = "0123456789abcdef";
            out.push_back(kDigits[byte >> 4]);
            out.push_back(kDigits[byte & 15]);
        }
        return out;
    };
    CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hex(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// SPDX-License-Identifier: Apache-2.0
// Text, postal codes and countries of addresses: what is changed and, above all, what is not.
#include "plugins/shared/order_model/address_text.hpp"
#include "plugins/shared/order_model/countries.hpp"
#include "plugins/shared/order_model/postal_codes.hpp"

#include <catch2/catch.hpp>

using namespace carrick::plugins;

TEST_CASE("controls become blanks, and blanks are single", "[address][text]") {
    CHECK(clean_text(" a\tb\r\nc ") == "a b c");
    CHECK(clean_text(std::string("a\0b", 3)) == "a b");
    CHECK(clean_text("a\u0085b\u00a0c\u3000d\u2028e\x7f") == "a b c d e");
}

TEST_CASE("marks without a width go", "[address][text]") {
    CHECK(clean_text("\ufeffa\u200bb\u200e\u202ac\u202c\u2066\u00ad") == "abc");
}

TEST_CASE("emoji go, letters of four bytes get a form that NetSuite stores", "[address][text]") {
    CHECK(clean_text("Ann \U0001F600 Buyer\U0001F3E0") == "Ann Buyer");
    CHECK(clean_text("\U0001F1E9\U0001F1EA").empty());
    CHECK(clean_text("\U0001D4D0\U0001D4F7\U0001D4F7 \U0001D7D9") == "Ann 1");
    CHECK(clean_text("\U00020BB7野家") == "吉野家");
    CHECK(clean_text("\U00020001野") == "〓野");  // says that one is missing
}

TEST_CASE("scripts of three bytes stay as they are", "[address][text]") {
    for (const char* text : {"渋谷区神南１－２－３", "ハイツ・サクラ", "شارع الملك فهد ٧٤٢١",
                             "São José nº 5", "ул. Ленина", "서울", "★ハイツ"})
        CHECK(clean_text(text) == text);
}

TEST_CASE("signs alone say nothing", "[address][text]") {
    for (const char* text : {"--", ",", ".", " - ", "", "ー", "…"}) CHECK(clean_text(text).empty());
    CHECK(clean_text("#5") == "#5");
    CHECK(clean_text("-5-") == "-5-");
}

TEST_CASE("bytes that are no UTF-8 are marked, not lost or read beyond", "[address][text]") {
    CHECK(clean_text("a\xff"
                     "b") == "a\ufffdb");
    CHECK(clean_text("a\xe6\x9d") == "a\ufffd");        // cut inside a character
    CHECK(clean_text("a\xc0\x80z") == "a\ufffdz");      // a NUL written too long
    CHECK(clean_text("a\xed\xa0\x80z") == "a\ufffdz");  // half of a surrogate pair
}

TEST_CASE("characters are counted, not bytes", "[address][text]") {
    CHECK(characters("") == 0);
    CHECK(characters("Zoé") == 3);
    CHECK(characters("見本") == 2);
}

TEST_CASE("names are compared without accents, blanks and dots", "[address][text]") {
    CHECK(folded("São Paulo") == "SAOPAULO");
    CHECK(folded("sa\u0303o paulo") == "SAOPAULO");  // the accent as a character of its own
    CHECK(folded("Hyōgo-ken") == "HYOGOKEN");
    CHECK(folded("ＴＯＫＹＯ") == "TOKYO");
    CHECK(folded("Tyne & Wear") == "TYNEANDWEAR");
    CHECK(folded("أُسوان") == folded("اسوان"));
}

TEST_CASE("a postal code gets its country's form where no doubt is left", "[address][postal]") {
    CHECK(postal_code("JP", "1000001") == "100-0001");
    CHECK(postal_code("JP", "〒１００ー０００１") == "100-0001");
    CHECK(postal_code("JP", "100") == "100");
    CHECK(postal_code("BR", "04538133") == "04538-133");
    CHECK(postal_code("BR", "4538133") == "4538133");  // a zero is missing, but which?
    CHECK(postal_code("IN", "560 078") == "560078");
    CHECK(postal_code("GB", "ec1a1bb") == "EC1A 1BB");
    CHECK(postal_code("GB", "M11AE") == "M1 1AE");
    CHECK(postal_code("GB", "B33 8TH") == "B33 8TH");
    CHECK(postal_code("GB", "NONE") == "NONE");
    CHECK(postal_code("CA", "k1a-0b1") == "K1A 0B1");
    CHECK(postal_code("PT", "1000205") == "1000-205");
    CHECK(postal_code("PT", "1000") == "1000");
    CHECK(postal_code("SE", "SE-90325") == "SE-90325");
    CHECK(postal_code("US", "98101 0001") == "98101-0001");
    CHECK(postal_code("AE", "00000").empty());
    CHECK(postal_code("AE", "P.O. Box 12345") == "P.O. Box 12345");
    CHECK(postal_code("DE", "") == "");
    CHECK(postal_code("XX", "a 1") == "a 1");
}

TEST_CASE("countries have one code", "[address][countries]") {
    CHECK(country_code("us") == "US");
    CHECK(country_code("U.S.A.") == "US");
    CHECK(country_code("UK") == "GB");
    CHECK(country_code("EL") == "GR");
    CHECK(country_code("México") == "MX");
    CHECK(country_code("日本") == "JP");
    CHECK(country_code("ZZ") == "ZZ");
    CHECK(country_code("Freedonia") == "Freedonia");
    CHECK(names_country("United Kingdom", "GB"));
    CHECK_FALSE(names_country("England", "GB"));
    CHECK_FALSE(names_country("México", "MX"));
}

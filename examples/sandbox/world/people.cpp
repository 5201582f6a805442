// SPDX-License-Identifier: Apache-2.0
// The tables of buyers and addresses. All invented; telephone numbers from ranges kept for fiction
// where a country has one.
#include "examples/sandbox/world/people.hpp"

#include <array>

namespace carrick::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kNamesUs{"Ann Mariner",  "Bob O'Halloran",
                                                   "Zoë Castillo", "Dwayne Peters Jr.",
                                                   "Mei-Ling Wu",  "Ruth Abara"};
constexpr std::array<std::string_view, 6> kNamesCa{"Étienne Gagnon", "Sarah Macdonald",
                                                   "Noël Thériault", "Priya Raman",
                                                   "Tom Kowalchuk",  "Aputi Ittusardjuat"};
constexpr std::array<std::string_view, 6> kNamesMx{"José Muñoz Peña", "María Fernanda Ibáñez",
                                                   "Ángel Núñez",     "Lucía Gómez",
                                                   "Raúl Ordóñez",    "Ximena Zúñiga"};
constexpr std::array<std::string_view, 6> kNamesUk{"James Hargreaves", "Siân Llewellyn",
                                                   "Niamh O'Brien",    "Ewan MacLeod",
                                                   "Aisha Begum",      "Chloë Whitcombe"};
constexpr std::array<std::string_view, 6> kNamesDe{"Jürgen Müller", "Käthe Groß",  "Łukasz Nowak",
                                                   "Sabine Weiß",   "Ömer Yıldız", "Jörg Böttcher"};
constexpr std::array<std::string_view, 6> kNamesFr{"François Lefèvre", "Hélène d'Amboise",
                                                   "Gaël Le Guern",    "Zoé Béranger",
                                                   "Mehdi Aït Saïd",   "Cécile Œuvrard"};
constexpr std::array<std::string_view, 6> kNamesIt{"Niccolò De Santis", "Giulia D'Angelo",
                                                   "Andrea Però",       "Loredana Fusco",
                                                   "Matteo Böhm",       "Chiara Università"};
constexpr std::array<std::string_view, 6> kNamesEs{"Íñigo Etxeberria", "Núria Puig i Ferrer",
                                                   "Begoña Peñalver",  "Álvaro Güell",
                                                   "Iria Castiñeiras", "Joaquín Ruiz"};
constexpr std::array<std::string_view, 6> kNamesJp{"山田 太郎",   "佐藤 花子", "髙橋 健一",
                                                   "渡邊 さくら", "ｽｽﾞｷ ｲﾁﾛｳ", "Olivia 小林"};
constexpr std::array<std::string_view, 6> kNamesAu{"Bruce Tanner",   "Matilda O'Connor",
                                                   "Nguyễn Thị Hoa", "Jack Yunupingu",
                                                   "Tūī Parata",     "Stavros Papadakis"};

constexpr std::array kPlacesUs{
    Place{"1200 Harbor Ave SW", "Apt 4B", "", "Seattle", "", "WA", "98126", "US",
          "+1 206-555-0142 ext. 12345", 1025},
    Place{"77 Pier Street", "", "", "Oakland", "", "CA", "94607-1234", "US", "+1 510-555-0113",
          1075},
    Place{"9 Dock Road", "Unit #3", "c/o Marina Office", "Galveston", "", "TX", "77550", "US", "",
          825},
    Place{"4100 NE Broadway", "", "", "Portland", "", "OR", "97232", "US", "+1 503-555-0178", 0},
    Place{"PSC 1234 Box 56", "", "", "APO", "", "AE", "09012", "US", "", 0},
    Place{"Calle Sol 15", "Urb. Bahía", "", "San Juan", "", "PR", "00901", "US", "+1 787-555-0100",
          1150},
};
constexpr std::array kPlacesCa{
    Place{"350 Water St", "Suite 9", "", "Vancouver", "", "British Columbia", "V6B 1B6", "CA",
          "+1 604-555-0164", 1200},
    Place{"18 rue de l'Église", "", "", "Québec", "", "QC", "G1K 4A1", "CA", "+1 418-555-0122",
          1498},
    Place{"4 Front Street E", "", "", "Toronto", "", "ON", "M5E 1B4", "CA", "", 1300},
    Place{"12 Ring Road", "PO Box 7", "", "Iqaluit", "", "NU", "X0A 0H0", "CA", "", 500},
    Place{"900 Jasper Ave", "", "", "Edmonton", "", "AB", "T5J 1N9", "CA", "+1 780-555-0199", 500},
};
constexpr std::array kPlacesMx{
    Place{"Av. Insurgentes Sur 1602", "Int. 4, Col. Crédito Constructor", "", "Ciudad de México",
          "Benito Juárez", "CDMX", "03940", "MX", "55 5555 0101"},
    Place{"Calle 60 #491", "Centro", "Entre 57 y 59", "Mérida", "", "Yucatán", "97000", "MX", ""},
    Place{"Blvd. Agua Caliente 10611", "", "", "Tijuana", "", "Baja California", "22014", "MX",
          "+52 664 555 0117"},
};
constexpr std::array kPlacesUk{
    Place{"14 Fisherman's Walk", "", "", "Whitby", "North Yorkshire", "", "YO21 3PR", "GB",
          "+44 1632 960142"},
    Place{"Flat 2", "Tŷ Gwyn, Heol y Môr", "", "Aberystwyth", "Ceredigion", "Wales", "SY23 2AZ",
          "GB", ""},
    Place{"1 Harbour Terrace", "", "", "Stornoway", "", "Scotland", "HS1 2XU", "GB",
          "07700 900461"},
    Place{"", "22 Quayside", "", "Belfast", "", "Northern Ireland", "BT1 3LA", "GB", ""},
};
constexpr std::array kPlacesDe{
    Place{"Königsstraße 12", "", "", "München", "", "Bayern", "80331", "DE", "+49 89 90008001"},
    Place{"Hafenstr. 7a", "Hinterhaus, 3. OG links", "", "Hamburg", "", "", "20359", "DE", ""},
    Place{"", "Packstation 145, 91827364", "", "Köln", "", "NRW", "50667", "DE", ""},
    Place{"Große Gasse 3", "", "", "Görlitz", "", "Sachsen", "02826", "DE", "030 23125 001"},
    Place{"Mariahilfer Straße 88", "Top 14", "", "Wien", "", "", "1070", "AT", "+43 1 234567800"},
};
constexpr std::array kPlacesFr{
    Place{"8 bis rue de l'Arsenal", "Bât. C, esc. 2", "", "Brest", "", "", "29200", "FR",
          "+33 1 99 00 12 34"},
    Place{"Lieu-dit Kerhuël", "", "", "Île-aux-Moines", "", "Bretagne", "56780", "FR", ""},
    Place{"25 quai des Chartrons", "", "", "Bordeaux", "", "", "33000", "FR", "01 99 00 98 76"},
    Place{"3 avenue Princesse Grace", "", "", "Monaco", "", "", "98000", "MC", ""},
};
constexpr std::array kPlacesIt{
    Place{"Via dell'Università 4", "Scala B, int. 11", "", "Forlì", "", "FC", "47121", "IT",
          "+39 06 5550 1234"},
    Place{"Fondamenta Nove 5021", "", "", "Venezia", "", "VE", "30121", "IT", ""},
    Place{"Piazza della Libertà 1", "", "", "San Marino", "", "", "47890", "SM", ""},
};
constexpr std::array kPlacesEs{
    Place{"C/ del Mar, 27, 2º 1ª", "", "", "L'Hospitalet de l'Infant", "", "Tarragona", "43890",
          "ES", "+34 600 000 142"},
    Place{"Rúa do Vilar 15", "Baixo", "", "A Coruña", "", "A Coruña", "15001", "ES", ""},
    Place{"Plaza de España s/n", "", "", "Las Palmas de Gran Canaria", "", "Las Palmas", "35001",
          "ES", ""},
};
constexpr std::array kPlacesJp{
    Place{"神南1-2-3", "カリックマンション405号室", "", "渋谷区", "", "東京都", "150-0041", "JP",
          "03-5550-0142"},
    Place{"大阪市北区梅田3丁目1番", "", "", "", "", "大阪府", "530-0001", "JP", ""},
    Place{"", "那覇市港町2-4-6", "港ビル7F", "", "", "沖縄県", "900-0001", "JP", "098-555-0177"},
};
constexpr std::array kPlacesAu{
    Place{"Unit 6, 18 Quay St", "", "", "Fremantle", "", "WA", "6160", "AU", "+61 491 570 156"},
    Place{"Lot 3 Old Coast Rd", "via Mallacoota", "", "Genoa", "", "Victoria", "3891", "AU", ""},
    Place{"2/44 The Esplanade", "", "", "Hobart", "", "TAS", "7000", "AU", "0491 570 110"},
};

constexpr std::array<std::string_view, 2> kCompaniesUs{"Puget Sound Rigging LLC",
                                                       "Harbor & Sons, Inc."};
constexpr std::array<std::string_view, 2> kCompaniesCa{"Chantier Maritime du Québec inc.",
                                                       "Pacific Outfitters Ltd."};
constexpr std::array<std::string_view, 2> kCompaniesMx{"Náutica Peñasco S.A. de C.V.",
                                                       "Servicios Marítimos Ñandú"};
constexpr std::array<std::string_view, 2> kCompaniesUk{"Whitby Chandlers Ltd",
                                                       "O'Brien & Daughters"};
constexpr std::array<std::string_view, 2> kCompaniesDe{"Müller & Söhne Takelwerk GmbH",
                                                       "Bootsbau Groß e.K."};
constexpr std::array<std::string_view, 2> kCompaniesFr{"Voilerie de l'Océan SARL",
                                                       "Société Nautique Bœuf"};
constexpr std::array<std::string_view, 2> kCompaniesIt{"Cantieri D'Angelo S.r.l.",
                                                       "Velerìa Adriatica"};
constexpr std::array<std::string_view, 2> kCompaniesEs{"Náutica Peñalver, S.L.",
                                                       "Astilleros Núñez"};
constexpr std::array<std::string_view, 2> kCompaniesJp{"株式会社港マリン",
                                                       "有限会社ロープワークス"};
constexpr std::array<std::string_view, 2> kCompaniesAu{"Fremantle Boat Supplies Pty Ltd",
                                                       "Papadakis Marine"};

// The stores that --marketplaces adds.
constexpr std::array<std::string_view, 3> kNamesBr{"João Conceição", "Maria Antônia Araújo",
                                                   "Luís Gonçalves"};
constexpr std::array kPlacesBr{
    Place{"Rua das Acácias, 120", "Apto 4, Bloco B", "Jardim Paulista", "São Paulo", "", "SP",
          "01408-001", "BR", "+55 11 5555-0142"},
    Place{"Avenida Beira Mar, s/n", "", "Meireles", "Fortaleza", "", "CE", "60165-121", "BR", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesBr{"Cordoaria São João Ltda."};
constexpr std::array<std::string_view, 2> kNamesNl{"Sjoerd van den Berg", "Iñez IJsbrandsen"};
constexpr std::array kPlacesNl{
    Place{"Keizersgracht 12 hs", "", "", "Amsterdam", "", "", "1015 CJ", "NL", "+31 20 555 0142"},
    Place{"'s-Gravenweg 7", "", "", "'s-Hertogenbosch", "", "Noord-Brabant", "5211 AB", "NL", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesNl{"Scheepsbenodigdheden IJ B.V."};
constexpr std::array<std::string_view, 2> kNamesSe{"Åsa Björkqvist", "Örjan Sjöström"};
constexpr std::array kPlacesSe{
    Place{"Strandvägen 7B", "lgh 1203", "", "Göteborg", "", "", "413 01", "SE", "+46 31 555 01 42"},
    Place{"Fiskargränd 3", "", "", "Visby", "", "Gotland", "621 57", "SE", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesSe{"Segelmakeriet Åland AB"};
constexpr std::array<std::string_view, 2> kNamesPl{"Łukasz Żółkiewski", "Małgorzata Ślęzak"};
constexpr std::array kPlacesPl{
    Place{"ul. Świętojańska 44/12", "", "", "Gdynia", "", "pomorskie", "81-391", "PL",
          "+48 58 555 01 42"},
    Place{"al. Niepodległości 3 m. 7", "", "", "Łódź", "", "łódzkie", "90-001", "PL", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesPl{"Żeglarz Sp. z o.o."};
constexpr std::array<std::string_view, 2> kNamesBe{"Noémie D'Haese", "Joris Van den Broeck"};
constexpr std::array kPlacesBe{
    Place{"Rue de l'Écluse 9", "boîte 4", "", "Liège", "", "", "4000", "BE", "+32 4 555 01 42"},
    Place{"Visserskaai 21", "", "", "Oostende", "", "West-Vlaanderen", "8400", "BE", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesBe{"Cordages Meuse SPRL"};
constexpr std::array<std::string_view, 2> kNamesIe{"Aoife Ní Dhomhnaill", "Séamus O'Dálaigh"};
constexpr std::array kPlacesIe{
    Place{"3 Harbour View", "The Quay", "", "Dingle", "Co. Kerry", "", "V92 XY01", "IE",
          "+353 66 555 0142"},
    Place{"Apt 12", "Grand Canal Dock", "", "Dublin 2", "", "Dublin", "D02 A123", "IE", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesIe{"Quayside Chandlers DAC"};
constexpr std::array<std::string_view, 2> kNamesTr{"Gülşen Çağlayan", "İsmail Öztürk"};
constexpr std::array kPlacesTr{
    Place{"Moda Caddesi No: 12 D: 5", "", "", "Kadıköy", "Caferağa", "İstanbul", "34710", "TR",
          "+90 216 555 01 42"},
    Place{"Liman Sk. 4", "", "", "Bodrum", "", "Muğla", "48400", "TR", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesTr{"Denizci Halat Tic. Ltd. Şti."};
constexpr std::array<std::string_view, 2> kNamesAe{"Fatima Al Mansouri", "خالد المنصوري"};
constexpr std::array kPlacesAe{
    Place{"Villa 14, Street 3b", "Al Wasl Road", "Jumeirah 1", "Dubai", "", "Dubai", "", "AE",
          "+971 4 555 0142"},
    Place{"Marina Tower, Apt 2203", "", "", "Abu Dhabi", "", "", "", "AE", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesAe{"Gulf Rope Trading LLC"};
constexpr std::array<std::string_view, 2> kNamesSa{"عبدالله القحطاني", "Noura Al Harbi"};
constexpr std::array kPlacesSa{
    Place{"شارع الأمير سلطان ٤٥", "", "حي الروضة", "جدة", "", "منطقة مكة المكرمة", "23433", "SA",
          "+966 12 555 0142"},
    Place{"7012 King Fahd Rd", "Unit 3", "Al Olaya", "Riyadh", "", "", "12214", "SA", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesSa{"مؤسسة حبال البحر"};
constexpr std::array<std::string_view, 2> kNamesEg{"محمد عبد الرحمن", "Yasmin El-Sayed"};
constexpr std::array kPlacesEg{
    Place{"١٢ شارع الكورنيش", "الدور الثالث", "", "الإسكندرية", "", "الإسكندرية", "", "EG",
          "+20 3 555 0142"},
    Place{"14 Gamal Abdel Nasser St", "Apt 9", "Smouha", "Alexandria", "", "", "21615", "EG", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesEg{"Nile Marine Supplies"};
constexpr std::array<std::string_view, 3> kNamesIn{"Priyanka Iyer", "R. Venkataraman",
                                                   "सुनीता शर्मा"};
constexpr std::array kPlacesIn{
    Place{"Flat 402, Sagar Apartments", "14th Cross, 3rd Main", "near Ganesh Temple, Indiranagar",
          "Bengaluru", "", "KARNATAKA", "560038", "IN", "9000055501"},
    Place{"H.No. 8-2-120", "Road No 2", "", "Panaji", "North Goa", "Goa", "403001", "IN", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesIn{"Coromandel Cordage Pvt. Ltd."};
constexpr std::array<std::string_view, 2> kNamesZa{"Thandiwe Nkosi", "Jaco van der Merwe"};
constexpr std::array kPlacesZa{
    Place{"14 Kloof Road", "Sea Point", "", "Cape Town", "", "Western Cape", "8005", "ZA",
          "+27 21 555 0142"},
    Place{"Unit 3, The Docks", "", "", "Durban", "Umhlanga", "KZN", "4319", "ZA", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesZa{"Table Bay Riggers (Pty) Ltd"};
constexpr std::array<std::string_view, 2> kNamesSg{"Tan Wei Ling", "Muhammad Faizal bin Osman"};
constexpr std::array kPlacesSg{
    Place{"Blk 123 Marine Parade Central", "#08-456", "", "Singapore", "", "", "440123", "SG",
          "+65 6555 0142"},
    Place{"1 Raffles Quay", "#12-01 North Tower", "", "", "", "", "048583", "SG", ""},
};
constexpr std::array<std::string_view, 1> kCompaniesSg{"Lion City Ropes Pte. Ltd."};

struct Country {
    std::string_view code;
    std::span<const std::string_view> names;
    std::span<const Place> places;
    std::span<const std::string_view> companies;
};
constexpr std::array kCountries{
    Country{"US", kNamesUs, kPlacesUs, kCompaniesUs},
    Country{"CA", kNamesCa, kPlacesCa, kCompaniesCa},
    Country{"MX", kNamesMx, kPlacesMx, kCompaniesMx},
    Country{"UK", kNamesUk, kPlacesUk, kCompaniesUk},
    Country{"DE", kNamesDe, kPlacesDe, kCompaniesDe},
    Country{"FR", kNamesFr, kPlacesFr, kCompaniesFr},
    Country{"IT", kNamesIt, kPlacesIt, kCompaniesIt},
    Country{"ES", kNamesEs, kPlacesEs, kCompaniesEs},
    Country{"JP", kNamesJp, kPlacesJp, kCompaniesJp},
    Country{"AU", kNamesAu, kPlacesAu, kCompaniesAu},
    Country{"BR", kNamesBr, kPlacesBr, kCompaniesBr},
    Country{"NL", kNamesNl, kPlacesNl, kCompaniesNl},
    Country{"SE", kNamesSe, kPlacesSe, kCompaniesSe},
    Country{"PL", kNamesPl, kPlacesPl, kCompaniesPl},
    Country{"BE", kNamesBe, kPlacesBe, kCompaniesBe},
    Country{"IE", kNamesIe, kPlacesIe, kCompaniesIe},
    Country{"TR", kNamesTr, kPlacesTr, kCompaniesTr},
    Country{"AE", kNamesAe, kPlacesAe, kCompaniesAe},
    Country{"SA", kNamesSa, kPlacesSa, kCompaniesSa},
    Country{"EG", kNamesEg, kPlacesEg, kCompaniesEg},
    Country{"IN", kNamesIn, kPlacesIn, kCompaniesIn},
    Country{"ZA", kNamesZa, kPlacesZa, kCompaniesZa},
    Country{"SG", kNamesSg, kPlacesSg, kCompaniesSg},
};

const Country& country(std::string_view code) {
    for (const Country& candidate : kCountries)
        if (candidate.code == code) return candidate;
    return kCountries.front();
}

}  // namespace

std::span<const std::string_view> names_in(std::string_view code) {
    return country(code).names;
}
std::span<const Place> places_in(std::string_view code) {
    return country(code).places;
}
std::span<const std::string_view> companies_in(std::string_view code) {
    return country(code).companies;
}

}  // namespace carrick::sandbox

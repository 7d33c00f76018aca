// How dates are said: as they stand in a sentence.
export const dates = {
  today: 'today',
  yesterday: 'yesterday',
  dayBeforeYesterday: 'the day before yesterday',
  thisWeek: (weekday: string) => `on ${weekday}`,
  lastWeek: (weekday: string) => `last ${weekday}`,
  lastWeekLongAgo: (weekday: string) => `${weekday} of last week`,
  thisMonth: 'this month',
  lastMonth: 'last month',
  yearsAgoToday: (years: number) => (years === 1 ? 'a year ago today' : `${years} years ago today`),
  season: {
    spring: (when: string) => `spring ${when}`,
    summer: (when: string) => `summer ${when}`,
    autumn: (when: string) => `autumn ${when}`,
    winter: (when: string) => `winter ${when}`,
  },
  thisYear: 'this year',
  lastYear: 'last year',
  beforeNoon: (time: string) => `${time} am`,
  afterNoon: (time: string) => `${time} pm`,
};

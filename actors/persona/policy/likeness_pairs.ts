/** Pairs of texts, labelled by hand: the same said again, and two things said about one matter. For the test alone. */
export const SAME: [string, string][] = [
  [
    "The old pear tree by the station is in bloom again, two weeks early this year.",
    "The old pear tree by the station is in bloom again, three weeks early this year.",
  ],
  [
    "Our new guide to city trees is out: https://example.org/trees?utm_source=ada",
    "Our new guide to city trees is out: https://example.org/trees?utm_source=ben",
  ],
  [
    "@ann you should really look at this map of street trees",
    "@ben you should really look at this map of street trees",
  ],
  [
    "Fog since four. The horn answers itself off the cliff, half a second late.",
    "FOG SINCE FOUR!! The horn answers itself off the cliff — half a second late 🌫️",
  ],
  [
    "Good morning Lisbon, the jacarandas on the hill opened over night.",
    "Good morning Porto, the jacarandas on the hill opened over night.",
  ],
  [
    "Bark tells you more than leaves do, and it is there in winter as well.",
    "Bark tells you more than leaves do, and it is there in winter as well. Happy Monday to all of you!",
  ],
  [
    "Soil under a pavement is drier than you think. Water the tree in front of your door.",
    "Reminder: soil under a pavement is drier than you think. Please water the tree in front of your door.",
  ],
  [
    "Day 12 of looking up: a plane tree older than the tram line beside it.",
    "Day 13 of looking up: a plane tree older than the tram line beside it.",
  ],
  [
    "W​e planted forty lime trees today and nobody noticed, which is how it should be.",
    "We planted forty lime trees today and nobody noticed, which is how it should be.",
  ],
  [
    "Die Linde vor dem Rathaus blüht, und die ganze Straße riecht nach Honig.",
    "Die Linde vor dem Rathaus blüht, und die ganze STRASSE riecht nach Honig!",
  ],
  ["駅の前の古い梨の木が今年は二週間早く咲きました。", "駅の前の古い梨の木が今年は三週間早く咲きました。"],
  [
    "Three things about roots: they breathe, they drink, they do not care for your drains.",
    "Three facts about roots: they breathe, they drink, they do not care for your drains.",
  ],
  ["Good morning from the tower", "Good evening from the tower"],
  [
    "New on the map: the history of the plane tree in our old town https://example.org/1",
    "New on the map: the history of the lime tree in our old harbour https://example.org/2",
  ],
];

export const DIFFERENT: [string, string][] = [
  [
    "The old pear tree by the station is in bloom again, two weeks early this year.",
    "Spring came early: the station's pear tree flowered a fortnight before it usually does.",
  ],
  [
    "Bark tells you more than leaves do, and it is there in winter as well.",
    "In winter, when leaves are gone, look at the bark: it says which tree you are standing under.",
  ],
  [
    "Fog since four. The horn answers itself off the cliff, half a second late.",
    "Fog again this morning, and the horn was on until nine. Lamp slept through all of it.",
  ],
  [
    "Soil under a pavement is drier than you think. Water the tree in front of your door.",
    "A bucket a week in July keeps a young street tree alive. The pavement keeps the rain off its soil.",
  ],
  [
    "We planted forty lime trees today and nobody noticed, which is how it should be.",
    "Forty limes went into the ground today. In thirty years someone will sit in their shade.",
  ],
  [
    "Day 12 of looking up: a plane tree older than the tram line beside it.",
    "Day 13 of looking up: somebody has hung a swing from the big chestnut in the park.",
  ],
  [
    "Good morning Lisbon, the jacarandas on the hill opened over night.",
    "Good morning Lisbon. Rain at last, and the plane trees on the avenue look washed.",
  ],
  [
    "Three things about roots: they breathe, they drink, they do not care for your drains.",
    "Three things about leaves: they cool the street, they hold the dust, they fall on Thursday.",
  ],
  [
    "Die Linde vor dem Rathaus blüht, und die ganze Straße riecht nach Honig.",
    "Vor dem Rathaus haben sie heute die alte Linde gestützt. Sie blüht trotzdem.",
  ],
  [
    "駅の前の古い梨の木が今年は二週間早く咲きました。",
    "公園の大きな桜の木の下で、子どもたちが昼ごはんを食べていました。",
  ],
  [
    "Read the new report on heat in cities: https://example.org/heat",
    "Heat kills more people in cities than storms do. The report: https://example.org/heat",
  ],
  [
    "What is the oldest tree in your street? Tell me and I will look it up.",
    "What is the first tree you climbed? Mine was a cherry that did not approve.",
  ],
  [
    "Today in the log: fog until nine, then a clear view as far as the islands.",
    "Today in the log: two kittiwakes on the railing, and Lamp pretending not to see them.",
  ],
  [
    "The city council voted on Monday to protect all street trees older than fifty years.",
    "On Monday the city council decided: street trees that are older than fifty years get protection. About time.",
  ],
];

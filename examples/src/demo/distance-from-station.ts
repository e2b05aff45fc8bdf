/** Degrees, south and west negative. */
interface Position {
  latitude: number;
  longitude: number;
}

const earthRadiusKm = 6371;
const palmerStation: Position = { latitude: -64.774, longitude: -64.053 };

/** Where the penguins of the data set were studied, to the nearest minute. */
const islands: Record<string, Position> = {
  Biscoe: { latitude: -64.8, longitude: -63.767 },
  Dream: { latitude: -64.717, longitude: -64.233 },
  Torgersen: { latitude: -64.767, longitude: -64.067 },
};

/**
 * Distance of an island from Palmer Station in kilometres, to a tenth.
 * @throws for an island that is not in the data set
 */
export function distanceFromStation(island: string): number {
  const position = islands[island];
  if (!position) {
    throw new Error(`No island "${island}". Known are ${Object.keys(islands).join(", ")}.`);
  }
  return Math.round(greatCircleKm(palmerStation, position) * 10) / 10;
}

function greatCircleKm(from: Position, to: Position): number {
  const latitude = radians(to.latitude - from.latitude);
  const longitude = radians(to.longitude - from.longitude);
  const chord =
    Math.sin(latitude / 2) ** 2 +
    Math.cos(radians(from.latitude)) *
      Math.cos(radians(to.latitude)) *
      Math.sin(longitude / 2) ** 2;
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(chord));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

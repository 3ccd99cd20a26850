/* The British National Grid: metres east and north from degrees, and back.

   Transverse Mercator on Airy 1830 after Ordnance Survey, "A guide to coordinate systems in Great
   Britain", annexes B and C; between WGS84 and OSGB36 its seven-parameter Helmert transformation,
   which is good to about five metres. */
woda.grid = (function () {
  "use strict";

  const AIRY = { a: 6377563.396, b: 6356256.909 };
  const WGS84 = { a: 6378137, b: 6356752.314245 };
  const RAD = Math.PI / 180;
  const SCALE = 0.9996012717, LAT0 = 49 * RAD, LON0 = -2 * RAD, NORTH0 = -100000, EAST0 = 400000;
  const SHIFT = { x: -446.448, y: 125.157, z: -542.06, s: 20.4894e-6,
    rx: -0.1502 / 3600 * RAD, ry: -0.247 / 3600 * RAD, rz: -0.8421 / 3600 * RAD };

  function eccentricity(ball) {
    return 1 - (ball.b * ball.b) / (ball.a * ball.a);
  }

  function toSpace(lat, lon, ball) {
    const e2 = eccentricity(ball);
    const nu = ball.a / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
    return [nu * Math.cos(lat) * Math.cos(lon), nu * Math.cos(lat) * Math.sin(lon),
      nu * (1 - e2) * Math.sin(lat)];
  }

  function fromSpace([x, y, z], ball) {
    const e2 = eccentricity(ball), p = Math.hypot(x, y);
    let lat = Math.atan2(z, p * (1 - e2));
    for (let i = 0; i < 8; i++) {
      const nu = ball.a / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
      lat = Math.atan2(z + e2 * nu * Math.sin(lat), p);
    }
    return [lat, Math.atan2(y, x)];
  }

  function shifted([x, y, z], sign) {
    const k = 1 + sign * SHIFT.s;
    const [rx, ry, rz] = [SHIFT.rx * sign, SHIFT.ry * sign, SHIFT.rz * sign];
    return [sign * SHIFT.x + k * x - rz * y + ry * z, sign * SHIFT.y + rz * x + k * y - rx * z,
      sign * SHIFT.z - ry * x + rx * y + k * z];
  }

  /** Length of the meridian from the true origin. */
  function meridian(lat) {
    const n = (AIRY.a - AIRY.b) / (AIRY.a + AIRY.b), n2 = n * n, n3 = n2 * n;
    const less = lat - LAT0, more = lat + LAT0;
    return AIRY.b * SCALE * ((1 + n + 1.25 * n2 + 1.25 * n3) * less
      - (3 * n + 3 * n2 + 2.625 * n3) * Math.sin(less) * Math.cos(more)
      + (1.875 * n2 + 1.875 * n3) * Math.sin(2 * less) * Math.cos(2 * more)
      - (35 / 24) * n3 * Math.sin(3 * less) * Math.cos(3 * more));
  }

  function radii(lat) {
    const e2 = eccentricity(AIRY), bent = 1 - e2 * Math.sin(lat) ** 2;
    const nu = AIRY.a * SCALE / Math.sqrt(bent), rho = nu * (1 - e2) / bent;
    return { nu, rho, eta2: nu / rho - 1 };
  }

  /** Project degrees on Airy's ellipsoid. */
  function project(latitude, longitude) {
    const lat = latitude * RAD, d = longitude * RAD - LON0;
    const { nu, rho, eta2 } = radii(lat);
    const s = Math.sin(lat), c = Math.cos(lat), t2 = Math.tan(lat) ** 2;
    const north = meridian(lat) + NORTH0 + (nu / 2) * s * c * d ** 2
      + (nu / 24) * s * c ** 3 * (5 - t2 + 9 * eta2) * d ** 4
      + (nu / 720) * s * c ** 5 * (61 - 58 * t2 + t2 * t2) * d ** 6;
    const east = EAST0 + nu * c * d + (nu / 6) * c ** 3 * (nu / rho - t2) * d ** 3
      + (nu / 120) * c ** 5 * (5 - 18 * t2 + t2 * t2 + 14 * eta2 - 58 * t2 * eta2) * d ** 5;
    return [east, north];
  }

  /** Return degrees on Airy's ellipsoid, latitude first. */
  function unproject(east, north) {
    let lat = LAT0;
    for (let i = 0; i < 10; i++) lat += (north - NORTH0 - meridian(lat)) / (AIRY.a * SCALE);
    const { nu, rho, eta2 } = radii(lat);
    const t = Math.tan(lat), t2 = t * t, sec = 1 / Math.cos(lat), d = east - EAST0;
    const latitude = lat - (t / (2 * rho * nu)) * d ** 2
      + (t / (24 * rho * nu ** 3)) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * d ** 4
      - (t / (720 * rho * nu ** 5)) * (61 + 90 * t2 + 45 * t2 * t2) * d ** 6;
    const longitude = LON0 + (sec / nu) * d - (sec / (6 * nu ** 3)) * (nu / rho + 2 * t2) * d ** 3
      + (sec / (120 * nu ** 5)) * (5 + 28 * t2 + 24 * t2 * t2) * d ** 5
      - (sec / (5040 * nu ** 7)) * (61 + 662 * t2 + 1320 * t2 * t2 + 720 * t2 ** 3) * d ** 7;
    return [latitude / RAD, longitude / RAD];
  }

  /** Metres of a grid reference such as SO850546: the middle of the square it names, of a metre its corner. */
  function reference(text) {
    const found = /^([A-HJ-Z])([A-HJ-Z])((?:\d\d){1,5})$/.exec(text);
    if (!found) return null;
    const [large, small] = [found[1], found[2]].map((letter) => "ABCDEFGHJKLMNOPQRSTUVWXYZ".indexOf(letter));
    const half = found[3].length / 2, side = 10 ** (5 - half), middle = half < 5 ? 0.5 : 0;
    const hundreds = [((large + 3) % 5) * 5 + (small % 5), 19 - Math.floor(large / 5) * 5 - Math.floor(small / 5)];
    return hundreds.map((square, i) => square * 100000 + (Number(found[3].substr(i * half, half)) + middle) * side);
  }

  return {
    reference,
    project,
    unproject,
    /** Metres east and north of a place in WGS84. */
    of(latlng) {
      const space = shifted(toSpace(latlng.lat * RAD, latlng.lng * RAD, WGS84), 1);
      const [lat, lon] = fromSpace(space, AIRY);
      return project(lat / RAD, lon / RAD);
    },
    /** The place in WGS84 of metres east and north. */
    at(east, north) {
      const [lat, lon] = unproject(east, north);
      const [la, lo] = fromSpace(shifted(toSpace(lat * RAD, lon * RAD, AIRY), -1), WGS84);
      return L.latLng(la / RAD, lo / RAD);
    },
  };
})();
